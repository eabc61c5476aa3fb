//! What the comments of a program say, in each language.

use crate::event::{Barrier, Ends, Side, TcpState};
use crate::lang::Lang;
use crate::words::pick;

fn side(lang: Lang, side: Side) -> &'static str {
    match side {
        Side::Client => pick(lang, "the client", "客户端"),
        Side::Server => pick(lang, "the server", "服务端"),
    }
}

/// The first line of a program: which lab, which run, which half.
pub(super) fn headline(lang: Lang, lab: &str, run: &str, half: Side) -> String {
    let half = side(lang, half);
    pick(
        lang,
        format!("{lab}, run {run}: {half}."),
        format!("{lab}，运行 {run}：{half}。"),
    )
}

pub(super) fn lab(lang: Lang, number: u32) -> String {
    pick(lang, format!("Lab {number}"), format!("实验 {number}"))
}

/// What the lab's own text says of the run.
pub(super) fn about(lang: Lang, about: &str) -> String {
    pick(
        lang,
        format!("The lab says of this run: {about}"),
        format!("实验这样介绍这次运行：{about}"),
    )
}

/// Which other runs there are, and how to get them.
pub(super) fn other_runs(lang: Lang, number: u32, names: &[&str]) -> String {
    let names = names.join(pick(lang, ", ", "、"));
    pick(
        lang,
        format!("Other runs (lab code {number} --run NAME): {names}."),
        format!("其他运行（lab code {number} --run NAME）：{names}。"),
    )
}

/// Which half to start when.
pub(super) fn order(lang: Lang, half: Side) -> &'static str {
    match half {
        Side::Server => pick(
            lang,
            "Start this one first, then the client in another terminal.",
            "先启动这个程序，再在另一个终端里启动客户端。",
        ),
        Side::Client => pick(
            lang,
            "Start the server first, in another terminal.",
            "先在另一个终端里启动服务端。",
        ),
    }
}

/// Why `SO_REUSEADDR` is set where the lab does not set it.
pub(super) fn start_again(lang: Lang) -> &'static str {
    pick(
        lang,
        "Lets this program start again right after it ended.",
        "程序结束以后可以马上再启动。",
    )
}

/// Why the program sleeps where the lab waits.
pub(super) fn instead_of(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    match barrier {
        Barrier::Queued(size) => pick(
            lang,
            format!(
                "The lab waits here until {} bytes are queued. A plain program has no such wait, \
                 so it sleeps, and hopes.",
                size.0
            ),
            format!(
                "实验在这里等到接收队列里有 {} 个字节。普通程序没有这样的等法，只好睡一会儿，碰碰运气。",
                size.0
            ),
        ),
        Barrier::Read => pick(
            lang,
            format!(
                "The lab waits here until {other} has read it all. Nobody tells a plain program, \
                 so it sleeps, and hopes."
            ),
            format!(
                "实验在这里等到{other}全部读走。没有谁会告诉普通程序，它只好睡一会儿，碰碰运气。"
            ),
        ),
        Barrier::State(state) => pick(
            lang,
            format!(
                "The lab waits here until this connection is in state {}. A plain program sleeps, \
                 and hopes.",
                state_name(*state)
            ),
            format!(
                "实验在这里等到这个连接的状态变成 {}。普通程序只好睡一会儿，碰碰运气。",
                state_name(*state)
            ),
        ),
        Barrier::Signal(name) => pick(
            lang,
            format!(
                "The lab waits here until {other} says \"{name}\". Plain programs have no such \
                 word between them, so this one sleeps, and hopes."
            ),
            format!(
                "实验在这里等{other}的信号“{name}”。普通程序之间没有这种信号，只好睡一会儿，碰碰运气。"
            ),
        ),
        Barrier::Error => pick(
            lang,
            "The lab waits here until the kernel has an error ready for the next call. A plain \
             program sleeps, and hopes."
                .into(),
            "实验在这里等到内核为下一次调用备好了一个错误。普通程序只好睡一会儿，碰碰运气。".into(),
        ),
        Barrier::Sent => pick(
            lang,
            "The lab waits here until all of it has left. A plain program just goes on.".into(),
            "实验在这里等到全部发出。普通程序不等，接着往下走。".into(),
        ),
        Barrier::Acked => pick(
            lang,
            "The lab waits here until all of it is acknowledged. A plain program just goes on."
                .into(),
            "实验在这里等到全部得到确认。普通程序不等，接着往下走。".into(),
        ),
    }
}

/// The same in a few words, where it was explained before.
pub(super) fn instead_again(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    match barrier {
        Barrier::Queued(size) => pick(
            lang,
            format!("until {} bytes are queued, it hopes", size.0),
            format!("但愿队列里已有 {} 个字节", size.0),
        ),
        Barrier::Read => pick(
            lang,
            format!("until {other} has read it, it hopes"),
            format!("但愿{other}已经读走"),
        ),
        Barrier::State(state) => pick(
            lang,
            format!("until the state is {}, it hopes", state_name(*state)),
            format!("但愿状态已是 {}", state_name(*state)),
        ),
        Barrier::Signal(name) => pick(
            lang,
            format!("until {other} says \"{name}\", it hopes"),
            format!("但愿{other}已到“{name}”"),
        ),
        Barrier::Error => pick(
            lang,
            "until the error is there, it hopes",
            "但愿错误已经备好",
        )
        .into(),
        Barrier::Sent | Barrier::Acked => {
            pick(lang, "The lab waits here as above.", "实验在这里同样要等。").into()
        }
    }
}

/// Why a path is removed before it is bound.
pub(super) fn path_in_the_way(lang: Lang) -> &'static str {
    pick(
        lang,
        "What an earlier run left here would be in the way of bind.",
        "上次运行留下的路径会让 bind 失败，先删掉。",
    )
}

/// What the lab reads from the kernel's table of connections.
pub(super) fn states(lang: Lang, ends: Ends) -> String {
    let named = |end: Side, state: Option<TcpState>| {
        let end = side(lang, end);
        state.map(|state| format!("{end}: {}", state_name(state)))
    };
    let named: Vec<String> = [
        named(Side::Client, ends.client),
        named(Side::Server, ends.server),
    ]
    .into_iter()
    .flatten()
    .collect();
    if named.is_empty() {
        return pick(
            lang,
            "The lab looks the states of both ends up here, as ss -tan shows them.".into(),
            "实验在这里查看两端的状态，ss -tan 里也看得到。".into(),
        );
    }
    let named = named.join(pick(lang, ", ", "，"));
    pick(
        lang,
        format!(
            "The lab looks here until the ends are in these states ({named}), as ss -tan shows \
             them. A plain program sleeps, and hopes."
        ),
        format!(
            "实验在这里等到两端处于这些状态（{named}），ss -tan 里也看得到。普通程序只好睡一会儿，碰碰运气。"
        ),
    )
}

/// What a server's wait before its first connection or datagram needs besides.
pub(super) fn first_arrival(lang: Lang, datagrams: bool) -> &'static str {
    if datagrams {
        pick(
            lang,
            "select waits for the first datagram, and takes none.",
            "select 等到第一个数据报出现，但不取走。",
        )
    } else {
        pick(
            lang,
            "select waits for the first connection, and accepts none.",
            "select 等到第一个连接出现，但不接受。",
        )
    }
}

pub(super) fn gives_signal(lang: Lang, name: &str, me: Side) -> String {
    let other = side(lang, me.other());
    pick(
        lang,
        format!("The lab tells {other} here: \"{name}\"."),
        format!("实验在这里给{other}发信号“{name}”。"),
    )
}

pub(super) fn events(lang: Lang) -> &'static str {
    pick(
        lang,
        "What the clients tell each other.",
        "客户端之间的信号。",
    )
}

pub(super) fn alters(lang: Lang) -> &'static str {
    pick(
        lang,
        "One bit of the payload changes after the md5 was taken.",
        "算过 md5 以后，内容里有一位变了。",
    )
}

pub(super) fn stops(lang: Lang) -> &'static str {
    pick(
        lang,
        "This sender breaks down on the way.",
        "这个发送方半路就断了。",
    )
}

pub(super) fn plain_name(lang: Lang) -> &'static str {
    pick(
        lang,
        "A stranger chose this name: it must not lead out of this directory.",
        "名字是对方给的，不能让它跑到这个目录外面去。",
    )
}

pub(super) fn beside(lang: Lang) -> &'static str {
    pick(
        lang,
        "Until it is whole, the file does not get its name.",
        "没收全之前，文件不叫这个名字。",
    )
}

pub(super) fn last_size(lang: Lang) -> &'static str {
    pick(lang, "the last one goes on", "最后一个一直用下去")
}

pub(super) fn no_room(lang: Lang) -> &'static str {
    pick(lang, "the kernel has no room at all", "内核一点地方也没有")
}

pub(super) fn quickack(lang: Lang) -> &'static str {
    pick(
        lang,
        "Linux only. The kernel forgets it, so it is set again after each recv.",
        "只有 Linux 有。内核会忘掉它，所以每次 recv 之后都再设一遍。",
    )
}

pub(super) fn linux_only(lang: Lang) -> &'static str {
    pick(lang, "Linux only", "只有 Linux 有")
}

pub(super) fn timeout(lang: Lang) -> &'static str {
    pick(
        lang,
        "seconds; in Python for reads and writes alike",
        "秒；在 Python 里对读和写都起作用",
    )
}

pub(super) fn linger(lang: Lang) -> &'static str {
    pick(
        lang,
        "SO_LINGER, on, with 0 seconds: close sends a reset (RST).",
        "SO_LINGER 打开、0 秒：close 时发 RST。",
    )
}

pub(super) fn non_blocking(lang: Lang) -> &'static str {
    pick(
        lang,
        "Without blocking, send takes what the kernel has room for now.",
        "不阻塞时，内核当下有多少地方，send 就拿走多少。",
    )
}

pub(super) fn wait_for_room(lang: Lang) -> &'static str {
    pick(lang, "waits for room", "等到有地方")
}

pub(super) fn rest_of_datagrams(lang: Lang) -> &'static str {
    pick(
        lang,
        "The lab reads until each datagram has come or was counted as dropped. A plain program \
         is not told of the dropped ones: it gives up when nothing has come for a second.",
        "实验会一直读，直到每个数据报不是收到了，就是被内核记为丢弃。普通程序不知道丢了多少，一秒钟没有\
         新的就不再等。",
    )
}

pub(super) fn counts_twice(lang: Lang) -> &'static str {
    pick(
        lang,
        "counts what came before once more",
        "前面收到的又数了一遍",
    )
}

pub(super) fn asks_too_much(lang: Lang) -> &'static str {
    pick(
        lang,
        "may reach into the next message",
        "可能读到下一条消息里去",
    )
}

pub(super) fn spins(lang: Lang) -> &'static str {
    pick(
        lang,
        "The stream is over; without this count the loop would spin for ever.",
        "流已经结束；要不是数着次数，这个循环会永远空转。",
    )
}

pub(super) fn no_loop(lang: Lang) -> &'static str {
    pick(
        lang,
        "One recv, whatever it returns.",
        "只 recv 一次，收到多少算多少。",
    )
}

/// The words of the helper functions.
pub(super) struct Helpers {
    pub(super) recv_exact: &'static str,
    pub(super) recv_slices: &'static str,
    pub(super) run_command: &'static str,
    pub(super) both_outputs: &'static str,
    pub(super) stdout_first: &'static str,
    pub(super) take_message: &'static str,
    pub(super) recv_message: &'static str,
    pub(super) recv_message_sizes: &'static str,
    pub(super) frame_length: &'static str,
    pub(super) frame_dict: &'static str,
    pub(super) tuple: &'static str,
}

pub(super) fn helpers(lang: Lang) -> Helpers {
    Helpers {
        recv_exact: pick(
            lang,
            "Receive exactly size bytes, in however many recvs they come.",
            "不多不少收 size 个字节，不管要 recv 几次。",
        ),
        recv_slices: pick(
            lang,
            "Receive exactly size bytes, at most so many at once.",
            "不多不少收 size 个字节，一次最多收 at_most 个。",
        ),
        run_command: pick(
            lang,
            "Only look the command up: nothing that came over the socket is ever run.",
            "只是查表：从套接字上来的东西决不拿去执行。",
        ),
        both_outputs: pick(
            lang,
            "Reads both pipes as they fill, whichever it is.",
            "两个管道一起读，哪个来了读哪个。",
        ),
        stdout_first: pick(
            lang,
            "Waits for the end of stdout. If the program fills the pipe of its stderr meanwhile, \
             it waits for us, and we wait for it.",
            "等 stdout 结束。这期间程序要是把 stderr 的管道写满了，它就等我们来读，而我们在等它结束。",
        ),
        take_message: pick(
            lang,
            "Cut the first message off the buffer; None if it is not whole yet.",
            "从 buffer 里取出第一条消息；还不完整就返回 None。",
        ),
        recv_message: pick(
            lang,
            "Receive until a message is whole; return it and the bytes behind it.",
            "一直收到凑齐一条消息；返回消息和它后面的字节。",
        ),
        recv_message_sizes: pick(
            lang,
            "Each recv takes the next of the sizes; the last one goes on.",
            "每次 recv 用 sizes 里的下一个，最后一个一直用下去。",
        ),
        frame_length: pick(
            lang,
            "Put the payload's length in front of it.",
            "在内容前面写上它的长度。",
        ),
        frame_dict: pick(
            lang,
            "Put a header in front of the payload, and the header's length first.",
            "在内容前面放上报头，最前面是报头的长度。",
        ),
        tuple: pick(lang, "unpack returns a tuple", "unpack 返回元组"),
    }
}

/// A TCP state as netstat and ss write it.
fn state_name(state: TcpState) -> String {
    serde_json::to_value(state)
        .ok()
        .and_then(|name| name.as_str().map(String::from))
        .unwrap_or_default()
}
