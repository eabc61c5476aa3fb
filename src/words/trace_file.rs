//! Why a recorded trace cannot be read back.

use super::lab_file;
use crate::event::Contradiction;
use crate::lang::Lang;
use crate::trace::{TraceError, TraceFault};

lab_file::shown_in_english! { TraceError: trace_error }

pub(crate) fn trace_error(lang: Lang, error: &TraceError) -> String {
    let what = trace_fault(lang, &error.what);
    say! { lang, (error.line, error.column);
        (Some(line), Some(column)) =>
            "line {line}, column {column}: {what}",
            "第 {line} 行第 {column} 列：{what}";
        (Some(line), None) => "line {line}: {what}", "第 {line} 行：{what}";
        (None, _) => "{what}", "{what}";
    }
}

fn trace_fault(lang: Lang, fault: &TraceFault) -> String {
    say! { lang, fault;
        TraceFault::Line(fault) =>
            "not a line of a trace: {what}",
            "不是记录里的一行：{what}",
            what = lab_file::fault(lang, fault);
        TraceFault::Encoding(fault) => "{what}", "{what}", what = lab_file::file(lang, fault);
        TraceFault::LongLine(most) =>
            "longer than {most} bytes: this is no trace",
            "超过 {most} 字节：这不是记录";
        TraceFault::Unreadable(why) => "cannot be read: {why}", "读不了：{why}";
        TraceFault::Schema { of, own } =>
            "this trace has schema {of}; this program reads schema {own}",
            "这份记录的 schema 是 {of}；本程序读的是 schema {own}";
        TraceFault::RunBeforeLab => "a run before any `lab` line", "`lab` 行之前就有运行";
        TraceFault::OutsideItsRun { is_event: true } =>
            "an event outside its run",
            "这个事件不在它的运行里";
        TraceFault::OutsideItsRun { is_event: false } =>
            "a packet outside its run",
            "这个数据包不在它的运行里";
        TraceFault::Contradiction(Contradiction::ReturnedEarly { call }) =>
            "this trace contradicts itself: `{call}` returned before it was called",
            "记录自相矛盾：`{call}` 还没有调用就返回了";
        TraceFault::Contradiction(Contradiction::Bytes { call, returned, recorded }) =>
            "this trace contradicts itself: `{call}` returned {returned} bytes, and the line has \
             {recorded} of them",
            "记录自相矛盾：`{call}` 返回 {returned} 字节，这一行里却有 {recorded} 字节";
        TraceFault::Sum =>
            "this is the sum of many runs, which `--repeat` wrote: no run is left to draw",
            "这是 `--repeat` 写下的多次运行的汇总，里面没有可以画的运行";
        TraceFault::UnknownType(kind) =>
            "unknown type `{kind}`",
            "没有 `{kind}` 这种行",
            kind = kind.escape_debug();
        TraceFault::CutShort { run } =>
            "the trace ends in the middle of run `{run}`: its last lines are missing",
            "记录在 `{run}` 中间就断了：缺最后几行",
            run = run.escape_debug();
        TraceFault::NoLab =>
            "there is no `lab` line in it: this is not a trace",
            "里面没有 `lab` 行：这不是记录";
    }
}
