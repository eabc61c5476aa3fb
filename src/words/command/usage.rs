//! What was asked for cannot be had in this way.

use crate::event::Side;
use crate::lab::error::Place;
use crate::lang::Lang;

phrases! {
    options_behind:
        "options stand behind the command: lab compare 3 4 --lang zh",
        "选项要写在命令后面：lab compare 3 4 --lang zh";
    start_them: "Start them? (y/N) ", "要启动它们吗？(y/N) ";
    not_started: "nothing was started", "什么都没有启动";
    wire_goes_with_no_mode:
        "--wire, --mtu and --pcap do not go with --step, --predict or --repeat",
        "--wire、--mtu、--pcap 不能和 --step、--predict、--repeat 一起用";
    one_output_for_two:
        "--pcap - takes standard output for itself; leave --json and --plain out, or name a file",
        "--pcap - 会独占标准输出；请去掉 --json 和 --plain，或者给出文件名";
    no_packets_to_terminal:
        "--pcap - writes packets, which no terminal shows; pipe them on, as in \
         `lab 3 --pcap - | tshark -r -`, or name a file",
        "--pcap - 输出的是数据包，终端显示不了；请用管道接走，例如 \
         `lab 3 --pcap - | tshark -r -`，或者给出文件名";
    no_terminal_to_step_in:
        "--step goes on by keys, and here is no terminal; leave --step out to see all at once",
        "--step 要靠按键前进，而这里没有终端；去掉 --step 可以一次看完";
    no_terminal_to_learn_in:
        "`lab learn` asks questions, and here is no terminal to answer in; `lab learn --status` \
         says how far you are, and `lab 1` shows the first lab",
        "`lab learn` 要提问，而这里没有终端可以回答；`lab learn --status` 看走到哪里，`lab 1` \
         直接看第一个实验";
    no_terminal_to_predict_in:
        "--predict asks what each recv will return, and here is no terminal to ask in; give the \
         prediction with --answer \"ab | cd\", a bar between two reads",
        "--predict 要问每次 recv 会返回什么，而这里没有终端可以问；请用 --answer \"ab | cd\" \
         给出预测，两次 recv 之间用竖线隔开";
}

sentences! {
    /// What follows are the programs, a line each.
    would_start(file: &str):
        "{file} names programs, and its runs start them on this computer:",
        "{file} 里写了一些程序，运行时会在这台电脑上启动它们：";
    no_other_program_on_wire(run: &str):
        "run `{run}` talks to another program, which cannot be in the network that --wire gives \
         it; leave --wire, --mtu and --pcap out",
        "`{run}` 这次运行要和另一个程序通信，而它进不了 --wire 的专用网络；请去掉 --wire、--mtu \
         和 --pcap";
    not_an_answer_each(answers: usize, runs: usize):
        "--answer was given {answers} times, and there are {runs} runs; give one for all, one for \
         each, or name the run with --run",
        "--answer 给了 {answers} 次，而这里有 {runs} 次运行；可以只给一次、每次运行各给一次，\
         或者用 --run 指明哪一次运行";
    too_narrow(least: usize):
        "this terminal is too narrow for the pictures ({least} columns at least); here is --plain",
        "终端太窄，画不下图（至少要 {least} 列）；下面是 --plain 的形式";
    /// The code of this side is wanted, and the lab does not have it.
    another_programs_code(run: &str, side: Side; other = side.other()):
        "the {side} of run `{run}` is another program, which the lab does not know; --{other} \
         prints the side that is the lab's",
        "`{run}` 的 {side} 是另一个程序，实验不知道它的内容；--{other} 给出实验自己的那一方";
}

/// The programs are shown as the file has them.
pub(crate) fn names_programs(lang: Lang, file: &str, at: Place, programs: &[String]) -> String {
    let Place { line, column } = at;
    let programs = programs.join(", ");
    say!(
        lang,
        "{file}:{line}:{column}: this lab is not of the catalogue, and its runs would start \
         programs: {programs}; if they may be started here, add --allow-commands",
        "{file}:{line}:{column}：这个实验不是自带的，运行时会启动这些程序：{programs}；确认可以\
         在这里启动之后，请加上 --allow-commands"
    )
}

/// Said in English, as Chinese cannot be shown.
pub(crate) fn no_chinese_in_ascii() -> &'static str {
    "--ascii cannot show Chinese; leave one of --ascii and --lang zh out"
}

/// Said in English, as Chinese cannot be shown.
pub(crate) fn kept_to_ascii() -> &'static str {
    "the locale has no UTF-8, so a ? stands for what is not ASCII; with LC_ALL=C.UTF-8 it is shown"
}
