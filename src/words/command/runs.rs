//! What keeps a run from beginning, or its packets from being seen.

use std::fmt::Display;
use std::time::Duration;

use crate::lang::Lang;

phrases! {
    set_tmpdir:
        "; set TMPDIR to a directory that is there, that you may write to, and whose path is short",
        "；请把 TMPDIR 设成一个已有的、可以写的目录，路径要短";
    is_forbidden:
        "; a guard of this system forbids it, or one around this program: a container, a sandbox",
        "；系统的安全机制不允许，或者程序外面的容器、沙箱不允许";
    hosts_own_mtu:
        "the host's loopback is watched, and keeps its own MTU: --mtu is for a network of the \
         program's own",
        "抓的是主机的环回接口，MTU 由它自己决定：--mtu 只用于程序自己的网络";
}

sentences! {
    /// The help begins with a semicolon, if there is any.
    could_not_begin(run: &str, error: &dyn Display, help: &str):
        "run `{run}` could not begin: {error}{help}",
        "`{run}` 开始不了：{error}{help}";
    /// The first port that needs none.
    port_needs_privileges(first: u16):
        "; this port needs privileges: choose one from {first} on, or leave `port` out",
        "；这个端口要有特权才能用：请选 {first} 以上的，或者去掉 `port`";
    no_server(run: &str, peer: &str, port: &str):
        "run `{run}` could not begin: connect {peer}: ECONNREFUSED, nobody listens there; start \
         your server on port {port} first",
        "`{run}` 没能开始：connect {peer}：ECONNREFUSED，那里没有程序在监听；请先在端口 {port} \
         上启动你的服务端";
    loopback_is_down(run: &str, address: &str):
        "run `{run}` could not begin: {address}: ENETUNREACH, the loopback interface of this host \
         (or container) is down; bring it up: ip link set lo up",
        "`{run}` 没能开始：{address}：ENETUNREACH，这台主机（或容器）的环回接口没有启用；请启用它：\
         ip link set lo up";
    no_load(threads: u16, error: &dyn Display):
        "cannot keep {threads} threads busy: {error}; ask for fewer",
        "开不了 {threads} 个占 CPU 的线程：{error}；请少要几个";
    runs_without_wire(why: &dyn Display):
        "the wire cannot be watched: {why}; without --wire the lab runs",
        "抓不了包：{why}；去掉 --wire 就能运行";
    no_capture(why: &dyn Display): "no packet can be captured: {why}", "抓不了包：{why}";
    goes_on_without_wire(why: &dyn Display):
        "the wire cannot be watched, so this is without it: {why}",
        "抓不了包，所以下面没有抓包：{why}";
    waits_for_client(run: &str, address: &str, deadline: Duration;
        deadline = humantime::format_duration(deadline)):
        "run `{run}` waits for your client on {address} (until {deadline} are over, or Ctrl-C)",
        "`{run}` 正在 {address} 等你的客户端（最多等 {deadline}，Ctrl-C 可中止）";
}

/// Another program may have to know the port, so that it cannot be left out.
pub(crate) fn port_in_use(lang: Lang, port: u16, is_needed: bool) -> String {
    let or = if is_needed {
        phrase!(
            lang,
            "choose another `port` in the lab file",
            "在实验文件里换一个 `port`"
        )
    } else {
        phrase!(
            lang,
            "leave `port` out of the lab file to get a free one",
            "在实验文件里去掉 `port`"
        )
    };
    say!(
        lang,
        "; port {port} is in use: end who holds it, or {or}",
        "；端口 {port} 被占着：结束占用它的程序，或者{or}"
    )
}
