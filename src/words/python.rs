//! What the comments of a printed Python program say.

use super::wait::{state_at, state_name};
use crate::event::{Barrier, Ends, Side};
use crate::lang::Lang;

fn side(lang: Lang, side: Side) -> &'static str {
    match side {
        Side::Client => phrase!(lang, "the client", "客户端"),
        Side::Server => phrase!(lang, "the server", "服务端"),
    }
}

/// How to have the two programs in a file each.
pub(crate) fn in_files(lang: Lang, number: u32, run: &str) -> String {
    say!(
        lang,
        "\
# Two programs. To have each in a file of its own:
#   lab code {number} --run {run} --server > server.py
#   lab code {number} --run {run} --client > client.py

",
        "\
# 这里是两个程序。要各存成一个文件：
#   lab code {number} --run {run} --server > server.py
#   lab code {number} --run {run} --client > client.py

"
    )
}

sentences! {
    lang;
    headline(lab: &str, run: &str, me: Side; me = side(lang, me)):
        "{lab}, run {run}: {me}.",
        "{lab}，运行 {run}：{me}。";
    lab(number: u32): "Lab {number}", "实验 {number}";
    about(about: &str): "The lab says of this run: {about}", "实验这样介绍这次运行：{about}";
    other_runs(number: u32, names: &[&str]; names = names.join(phrase!(lang, ", ", "、"))):
        "Other runs (lab code {number} --run NAME): {names}.",
        "其他运行（lab code {number} --run NAME）：{names}。";
    gives_signal(name: &str, me: Side; other = side(lang, me.other())):
        "The lab tells {other} here: \"{name}\".",
        "实验在这里给{other}发信号“{name}”。";
}

pub(crate) fn order(lang: Lang, me: Side) -> &'static str {
    phrase! { lang, me;
        Side::Server =>
            "Start this one first, then the client in another terminal.",
            "先启动这个程序，再在另一个终端里启动客户端。";
        Side::Client =>
            "Start the server first, in another terminal.",
            "先在另一个终端里启动服务端。";
    }
}

/// Why the program sleeps where the lab waits.
pub(crate) fn instead_of(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    say! { lang, barrier;
        Barrier::Queued(size) =>
            "The lab waits here until {size} bytes are queued. A plain program has no such wait, \
             so it sleeps, and hopes.",
            "实验在这里等到接收队列里有 {size} 个字节。普通程序没有这样的等法，只好睡一会儿，碰碰\
             运气。",
            size = size.0;
        Barrier::Read =>
            "The lab waits here until {other} has read it all. Nobody tells a plain program, so \
             it sleeps, and hopes.",
            "实验在这里等到{other}全部读走。没有谁会告诉普通程序，它只好睡一会儿，碰碰运气。";
        Barrier::State(state) =>
            "The lab waits here until this connection is in state {state}. A plain program \
             sleeps, and hopes.",
            "实验在这里等到这个连接的状态变成 {state}。普通程序只好睡一会儿，碰碰运气。",
            state = state_name(*state);
        Barrier::Signal(name) =>
            "The lab waits here until {other} says \"{name}\". Plain programs have no such word \
             between them, so this one sleeps, and hopes.",
            "实验在这里等{other}的信号“{name}”。普通程序之间没有这种信号，只好睡一会儿，碰碰运气。";
        Barrier::Error =>
            "The lab waits here until the kernel has an error ready for the next call. A plain \
             program sleeps, and hopes.",
            "实验在这里等到内核为下一次调用备好了一个错误。普通程序只好睡一会儿，碰碰运气。";
        Barrier::Sent =>
            "The lab waits here until all of it has left. A plain program just goes on.",
            "实验在这里等到全部发出。普通程序不等，接着往下走。";
        Barrier::Acked =>
            "The lab waits here until all of it is acknowledged. A plain program just goes on.",
            "实验在这里等到全部得到确认。普通程序不等，接着往下走。";
    }
}

/// The same in a few words, where it was explained before.
pub(crate) fn instead_again(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    say! { lang, barrier;
        Barrier::Queued(size) =>
            "until {size} bytes are queued, it hopes",
            "但愿队列里已有 {size} 个字节",
            size = size.0;
        Barrier::Read => "until {other} has read it, it hopes", "但愿{other}已经读走";
        Barrier::State(state) =>
            "until the state is {state}, it hopes",
            "但愿状态已是 {state}",
            state = state_name(*state);
        Barrier::Signal(name) =>
            "until {other} says \"{name}\", it hopes",
            "但愿{other}已到“{name}”";
        Barrier::Error => "until the error is there, it hopes", "但愿错误已经备好";
        Barrier::Sent | Barrier::Acked => "The lab waits here as above.", "实验在这里同样要等。";
    }
}

/// What the lab reads from the kernel's table of connections.
pub(crate) fn looks_up_states(lang: Lang, ends: Ends) -> String {
    let known = Side::BOTH.map(|end| (side(lang, end), state_at(ends, end)));
    let known = known.into_iter().filter(|(_, state)| !state.is_empty());
    let named: Vec<String> = known
        .map(|(end, state)| format!("{end}: {state}"))
        .collect();
    if named.is_empty() {
        return say!(
            lang,
            "The lab looks the states of both ends up here, as ss -tan shows them.",
            "实验在这里查看两端的状态，ss -tan 里也看得到。"
        );
    }
    let named = named.join(phrase!(lang, ", ", "，"));
    say!(
        lang,
        "The lab looks here until the ends are in these states ({named}), as ss -tan shows them. A \
         plain program sleeps, and hopes.",
        "实验在这里等到两端处于这些状态（{named}），ss -tan 里也看得到。普通程序只好睡一会儿，碰碰运气。"
    )
}

/// The comments and docstrings of the templates in `python/templates/`, by the names that they go
/// by there: `named! { no_loop: "One recv.", "只 recv 一次。"; }`.
macro_rules! named {
    ($($name:ident: $en:literal, $zh:literal;)+) => {
        pub(crate) fn sentence(lang: Lang, name: &str) -> Option<&'static str> {
            match name {
                $(stringify!($name) => Some(phrase!(lang, $en, $zh)),)+
                _ => None,
            }
        }
    };
}

named! {
    start_again:
        "Lets this program start again right after it ended.",
        "程序结束以后可以马上再启动。";
    path_in_the_way:
        "What an earlier run left here would be in the way of bind.",
        "上次运行留下的路径会让 bind 失败，先删掉。";
    signals_of_clients: "What the clients tell each other.", "客户端之间的信号。";
    no_room: "the kernel has no room at all", "内核一点地方也没有";
    quickack_is_forgotten:
        "Linux only. The kernel forgets it, so it is set again after each recv.",
        "只有 Linux 有。内核会忘掉它，所以每次 recv 之后都再设一遍。";
    linux_only: "Linux only", "只有 Linux 有";
    timeout_in_seconds:
        "seconds; in Python for reads and writes alike",
        "秒；在 Python 里对读和写都起作用";
    linger:
        "SO_LINGER, on, with 0 seconds: close sends a reset (RST).",
        "SO_LINGER 打开、0 秒：close 时发 RST。";
    non_blocking:
        "Without blocking, send takes what the kernel has room for now.",
        "不阻塞时，内核当下有多少地方，send 就拿走多少。";
    wait_for_room: "waits for room", "等到有地方";
    rest_of_datagrams:
        "The lab reads until each datagram has come or was counted as dropped. A plain program \
         is not told of the dropped ones: it gives up when nothing has come for a second.",
        "实验会一直读，直到每个数据报不是收到了，就是被内核记为丢弃。普通程序不知道丢了多少，一秒钟没有\
         新的就不再等。";
    first_datagram:
        "select waits for the first datagram, and takes none.",
        "select 等到第一个数据报出现，但不取走。";
    first_connection:
        "select waits for the first connection, and accepts none.",
        "select 等到第一个连接出现，但不接受。";
    alters_bit:
        "One bit of the payload changes after the md5 was taken.",
        "算过 md5 以后，内容里有一位变了。";
    breaks_down: "This sender breaks down on the way.", "这个发送方半路就断了。";
    plain_name:
        "A stranger chose this name: it must not lead out of this directory.",
        "名字是对方给的，不能让它跑到这个目录外面去。";
    beside:
        "Until it is whole, the file does not get its name.",
        "没收全之前，文件不叫这个名字。";
    last_size: "the last one goes on", "最后一个一直用下去";
    counts_twice: "counts what came before once more", "前面收到的又数了一遍";
    asks_too_much: "may reach into the next message", "可能读到下一条消息里去";
    spins:
        "The stream is over; without this count the loop would spin for ever.",
        "流已经结束；要不是数着次数，这个循环会永远空转。";
    no_loop: "One recv, whatever it returns.", "只 recv 一次，收到多少算多少。";
    both_outputs:
        "Reads both pipes as they fill, whichever it is.",
        "两个管道一起读，哪个来了读哪个。";
    stdout_first:
        "Waits for the end of stdout. If the program fills the pipe of its stderr meanwhile, \
         it waits for us, and we wait for it.",
        "等 stdout 结束。这期间程序要是把 stderr 的管道写满了，它就等我们来读，而我们在等它结束。";
    unpack_returns_tuple: "unpack returns a tuple", "unpack 返回元组";
    recv_exact:
        "Receive exactly size bytes, in however many recvs they come.",
        "不多不少收 size 个字节，不管要 recv 几次。";
    recv_slices:
        "Receive exactly size bytes, at most so many at once.",
        "不多不少收 size 个字节，一次最多收 at_most 个。";
    run_command:
        "Only look the command up: nothing that came over the socket is run.",
        "只是查表：从套接字上来的东西决不拿去执行。";
    take_message:
        "Cut the first message off the buffer; None if it is not whole yet.",
        "从 buffer 里取出第一条消息；还不完整就返回 None。";
    recv_message:
        "Receive until a message is whole; return it and the bytes behind it.",
        "一直收到凑齐一条消息；返回消息和它后面的字节。";
    recv_message_sizes:
        "Each recv takes the next of the sizes; the last one goes on.",
        "每次 recv 用 sizes 里的下一个，最后一个一直用下去。";
    frame_length: "Put the payload's length in front of it.", "在内容前面写上它的长度。";
    frame_header_dict:
        "Put a header in front of the payload, and the header's length first.",
        "在内容前面放上报头，最前面是报头的长度。";
}
