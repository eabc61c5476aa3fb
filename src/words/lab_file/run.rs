//! A run that cannot be made, or a step that cannot stand where it does.

use crate::event::Side;
use crate::lab::fault::{
    Elsewhere, FramingFault, InHand, InsteadOfTcp, Lacks, LineFault, RunFault,
};
use crate::lang::Lang;
use crate::words::{refusal, side as name};

pub(super) fn run(lang: Lang, fault: &RunFault) -> String {
    say! { lang, fault;
        RunFault::NoRuns => "a lab has at least one run", "实验至少要有一次运行";
        RunFault::ClaimsNothing(run) =>
            "run `{run}` claims nothing; add an `expect` with what must hold each time; where the \
             outcome varies, `\"expect\": {{ \"recvs\": \"any-legal\" }}`",
            "`{run}` 没有写应该怎样；请加上 `expect`，写每次都必须成立的；结果会变的，写 \
             `\"expect\": {{ \"recvs\": \"any-legal\" }}`",
            run = run.escape_debug();
        RunFault::BadName(run) =>
            "the run name `{run}` is not lower-case words joined by hyphens",
            "运行的名字 `{run}` 不合规则：用小写字母和数字，词之间用连字符",
            run = run.escape_debug();
        RunFault::NameTwice(run) =>
            "two runs are named `{run}`; give each run its own name",
            "有两次运行都叫 `{run}`；请各起一个名字";
        RunFault::CuresNothing(run) =>
            "no run before this one is named `{run}`; `cures` names the run that has the mistake",
            "前面没有叫 `{run}` 的运行；`cures` 要写有毛病的那次运行的名字",
            run = run.escape_debug();
        RunFault::TooManyClients(most) =>
            "a run has at most {most} clients",
            "一次运行最多 {most} 个客户端";
        RunFault::OutputsWithoutCommand =>
            "`outputs` says how a command is read, and this run has no `run_command`; leave it out",
            "`outputs` 说的是怎样读命令的输出，而这次运行没有 `run_command`；请去掉它";
        RunFault::TooManyBytes(most) =>
            "this side writes more than {most} bytes; make the payloads smaller",
            "这一端要写的超过 {most} 字节；请把数据改小";
        RunFault::TooManySteps(most) =>
            "this side has more than {most} steps; lower a `times`",
            "这一端的步骤超过 {most} 个；请把 `times` 改小";
        RunFault::RepeatsNothing =>
            "this `repeat` repeats nothing; `times` is at least 1, and there is at least one step",
            "这个 `repeat` 没有可重复的；`times` 至少是 1，步骤至少一个";
        RunFault::RepeatTried =>
            "a `repeat` cannot be tried as a whole; put `try` around the steps in it",
            "`repeat` 不能整个放进 `try`；请把 `try` 套在里面的步骤上";
        RunFault::Elsewhere(fault) => "{what}", "{what}", what = self::elsewhere(lang, fault);
        RunFault::Framing(fault) => "{what}", "{what}", what = self::framing(lang, fault);
        RunFault::Line(fault) => "{what}", "{what}", what = self::line(lang, fault);
        RunFault::NotInHand(InHand::Message) =>
            "this side has not taken a message yet; put a `recv`, `recv_exact`, `recvfrom`, \
             `recv_frames` or `recv_loop` before this step",
            "这一端还没有收到消息；前面要先有 `recv`、`recv_exact`、`recvfrom`、`recv_frames` 或 \
             `recv_loop`";
        RunFault::NotInHand(InHand::Number) =>
            "no number has been announced yet; put an `unpack`, `parse_size` or `parse_json` before \
             this step",
            "还没有得到长度；前面要先有 `unpack`、`parse_size` 或 `parse_json`";
        RunFault::NotInHand(InHand::Answer) =>
            "there is no answer yet to send; put a `run_command` before this step",
            "还没有可发的应答；前面要先有 `run_command`";
        RunFault::Unable { step, lacks: Lacks::NoPeer, instead, .. } =>
            "`{step}` names a peer, and this socket is connected to one; use `{instead}`",
            "`{step}` 要写明对方，而这个套接字已经连到一个对方；请用 `{instead}`";
        RunFault::Unable { step, over, lacks, instead } =>
            "`{step}` {lacks}, and this run is over {over}; use {instead}",
            "`{step}` {lacks}，这次运行走的是 {over}；请用 {instead}",
            lacks = self::lacks(lang, *lacks), instead = self::instead(lang, *lacks, instead);
        RunFault::OnlyTcp { what, over, instead } =>
            "`{what}` is about TCP, and this run is over {over}; {instead}",
            "`{what}` 是 TCP 才有的，这次运行走的是 {over}；{instead}",
            instead = instead_of_tcp(lang, *instead);
        RunFault::MaxSegment { bytes, least, most } =>
            "a largest segment of {bytes} bytes cannot be set; `max_segment` is {least} to {most}",
            "最大报文段不能设成 {bytes} 字节；`max_segment` 是 {least} 到 {most}";
        RunFault::NoCommands =>
            "this lab has no commands to run; name them beside `runs`: `\"commands\": {{\"ls\": \
             [\"seq\", \"1\", \"400\"]}}`",
            "这个实验没有可运行的命令；请写在 `runs` 旁边：`\"commands\": {{\"ls\": [\"seq\", \"1\", \
             \"400\"]}}`";
        RunFault::NeverSignals { side, name: signal, near: Some(near) } =>
            "the {side} never gives the signal `{signal}`; did you mean `{near}`?",
            "{side}从不发出信号 `{signal}`；是不是想写 `{near}`？",
            side = name(lang, *side), signal = signal.escape_debug();
        RunFault::NeverSignals { side, name: signal, near: None } =>
            "the {side} never gives the signal `{signal}`; add {{\"signal\": \"{signal}\"}} to the \
             {side}'s steps",
            "{side}从不发出信号 `{signal}`；请在{side}的步骤里加上 {{\"signal\": \"{signal}\"}}",
            side = name(lang, *side), signal = signal.escape_debug();
    }
}

fn elsewhere(lang: Lang, fault: &Elsewhere) -> String {
    say! { lang, fault;
        Elsewhere::All =>
            "both sides are elsewhere, and nothing is left to run; give one of them steps",
            "两端都是 elsewhere，没有可运行的了；请给其中一端写上步骤";
        Elsewhere::Over { side, over } =>
            "a {side} elsewhere is for tcp and tcp6, and this run is over {over}; leave `transport` \
             out, or give this side steps",
            "{side}是 elsewhere 只能走 tcp 和 tcp6，这次运行走的是 {over}；请去掉 `transport`，\
             或者给这一端写上步骤",
            side = name(lang, *side);
        Elsewhere::NoPort =>
            "the other program has to know the port, and this run has none; add `\"port\": 8888`",
            "另一个程序要知道端口，而这次运行没有写；请加上 `\"port\": 8888`";
        Elsewhere::Wire =>
            "the wire is watched in a network of the run's own, where no other program is; leave \
             `wire` out",
            "抓包是在这次运行专用的网络里进行的，另一个程序不在里面；请去掉 `wire`";
        Elsewhere::MoreClients =>
            "the client is elsewhere, so no other one is the lab's; let the server `accept` as often \
             as clients will come",
            "客户端是 elsewhere，实验就没有别的客户端；要来几个客户端，就让服务端 `accept` 几次";
        Elsewhere::Claim { key, side, writes: true } =>
            "`{key}` is about what the {side} writes, and the {side} is another program; claim what \
             is read of it: `recvs`, `sizes`, `messages`, `texts`",
            "`{key}` 说的是{side}写了什么，而{side}是另一个程序；可以写从它读到什么：`recvs`、`sizes`、\
             `messages`、`texts`",
            side = name(lang, *side);
        Elsewhere::Claim { key, side, writes: false } =>
            "`{key}` is about what the {side} reads, and the {side} is another program; claim what \
             is written: `writes`, `bytes_sent`, `segments`",
            "`{key}` 说的是{side}读到什么，而{side}是另一个程序；可以写发出了什么：`writes`、\
             `bytes_sent`、`segments`",
            side = name(lang, *side);
        Elsewhere::Read { word, side } =>
            "`{word}` waits for what the {side} has read, and the {side} is another program; wait \
             until it is `acked`: the other side's kernel has it then",
            "`{word}` 要等{side}读到，而{side}是另一个程序；可以等到 `acked`：那时对方的内核已经收到",
            side = name(lang, *side);
        Elsewhere::Signal(side) =>
            "no `signal` comes from the {side}, which is another program; wait for what the kernel \
             counts, such as `queued`",
            "{side}是另一个程序，不会发出 `signal`；可以等内核能数的，例如 `queued`",
            side = name(lang, *side);
    }
}

fn framing(lang: Lang, fault: &FramingFault) -> String {
    say! { lang, fault;
        FramingFault::Missing =>
            "this step has no framing; add `\"framing\": {{\"length\": \">I\"}}` to it or to the run",
            "这一步没有写怎样成帧；请在这一步或这次运行里加上 `\"framing\": {{\"length\": \">I\"}}`";
        FramingFault::Cut { at, length } =>
            "`cut` has {at}, and the frame has bytes 0 to {length}; give offsets inside the frame, \
             each larger than the one before",
            "`cut` 里有 {at}，而这一帧是 0 到 {length} 字节；请写帧内的位置，一个比一个大";
        FramingFault::NoSizes =>
            "`sizes` is empty; give the size of each read: `\"sizes\": [1024]`",
            "`sizes` 是空的；请写每次读多少：`\"sizes\": [1024]`";
        FramingFault::HeaderOnlyFile =>
            "a file's content follows its header, and this framing is `header_only`; leave \
             `header_only` out; `\"stop_after\": 0` sends a header alone",
            "头部后面是文件内容，而这里写的是 `header_only`；请去掉它；只发头部用 `\"stop_after\": 0`";
        FramingFault::LengthForFile =>
            "a file is framed by a header dict, and this framing is a `length`; use `\"framing\": \
             {{\"header_dict\": \"<q\"}}`",
            "文件要用 `header_dict` 成帧，而这里写的是 `length`；请用 `\"framing\": \
             {{\"header_dict\": \"<q\"}}`";
        FramingFault::Unencodable(error) =>
            "this message cannot be framed: {why}; choose a wider layout, or use `pack` to show that \
             it does not fit",
            "这条消息成不了帧：{why}；请换一种更宽的格式，要演示放不下就用 `pack`",
            why = refusal(lang, error);
    }
}

fn line(lang: Lang, fault: &LineFault) -> String {
    say! { lang, fault;
        LineFault::ServerConnects =>
            "a server does not `connect`; use `accept`",
            "服务端不能 `connect`；请用 `accept`";
        LineFault::ClientAccepts =>
            "a client does not `accept`; use `connect`",
            "客户端不能 `accept`；请用 `connect`";
        LineFault::ClientListens =>
            "a client does not listen; this is a step of the server",
            "客户端不监听；这是服务端的步骤";
        LineFault::RestOnClient =>
            "`recvfrom_rest` is for the server; use `recvfrom`",
            "`recvfrom_rest` 只能用在服务端；请用 `recvfrom`";
        LineFault::NobodyListens =>
            "nobody is listening any more; put `listen` before it",
            "已经没有人在监听；前面要先 `listen`";
        LineFault::ConnectedAlready =>
            "this side is connected already; `connect` comes once; `accept` comes again only after a \
             `close`",
            "这一端已经连上了；`connect` 只能有一次，`close` 之后才能再 `accept`";
        LineFault::AfterClose =>
            "this step comes after the socket was closed; move it before the `close`, or let the \
             server `accept` again",
            "到这一步套接字已经关闭；请移到 `close` 之前，或者让服务端再 `accept` 一次";
        LineFault::QuickackEarly { opens } =>
            "`quickack` has no effect before there is a connection; put \"{opens}\" before this step",
            "连接建立之前 `quickack` 不起作用；请在这一步之前写上 \"{opens}\"";
    }
}

fn lacks(lang: Lang, lacks: Lacks) -> &'static str {
    phrase! { lang, lacks;
        Lacks::Stream | Lacks::StreamButConnected => "needs a stream", "要在字节流上用";
        Lacks::Connection => "needs a connection", "要有连接";
        Lacks::Peer(_) | Lacks::NoPeer =>
            "needs a stream or a socket with one peer",
            "要在字节流上，或者连到一个对方的套接字上用";
        Lacks::Datagrams => "is for datagrams", "是给数据报用的";
    }
}

fn instead(lang: Lang, lacks: Lacks, step: &str) -> String {
    say! { lang, lacks;
        Lacks::StreamButConnected => "`send` and `recv`", "`send` 和 `recv`";
        Lacks::Peer(Side::Client) => "`{step}`, or `connect` first", "`{step}`，或者先 `connect`";
        _ => "`{step}`", "`{step}`";
    }
}

fn instead_of_tcp(lang: Lang, instead: InsteadOfTcp) -> &'static str {
    phrase! { lang, instead;
        InsteadOfTcp::Close => "only TCP has a reset; use `close`", "只有 TCP 有 RST；请用 `close`";
        InsteadOfTcp::Nothing => "only TCP has these states", "只有 TCP 有这些状态";
        InsteadOfTcp::NoOption => "leave this option out", "请去掉这个选项";
        InsteadOfTcp::Signal => "wait for a `signal`", "可以等 `signal`";
        InsteadOfTcp::Queued => "wait until it is `queued`", "可以等到 `queued`";
    }
}
