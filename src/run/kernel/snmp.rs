//! What all of TCP has sent in a network: `/proc/net/snmp`.

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::Sent;

/// The counters of the network that the thread is in which reads them first.
#[derive(Default)]
pub(in crate::run) struct Counters(Option<File>);

/// What has been sent by now.
pub(super) fn sent(Counters(kept): &mut Counters) -> Option<Sent> {
    // Opening it costs half of what reading it does, and one read has all of it: what is asked
    // stands in the first 2 KiB.
    let file = match kept.take() {
        Some(file) => file,
        None => File::open("/proc/thread-self/net/snmp").ok()?,
    };
    let mut text = [0; 4096];
    let read = kept.insert(file).read_at(&mut text, 0).ok()?;
    sent_by(str::from_utf8(&text[..read]).ok()?)
}

/// What the file says: a line with names, and one with their numbers.
fn sent_by(text: &str) -> Option<Sent> {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("Tcp:"));
    let [names, numbers] = [lines.next()?, lines.next()?].map(str::split_whitespace);
    let mut counts = names.zip(numbers);
    let mut number = |wanted| counts.find(|(name, _)| *name == wanted)?.1.parse().ok();
    Some(Sent {
        all: number("OutSegs")?,
        again: number("RetransSegs")?,
    })
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn what_tcp_has_sent_again_is_under_its_name() {
        let ip = "Ip: Forwarding\nIp: 2\n";
        let tcp =
            "Tcp: MaxConn OutSegs RetransSegs InErrs\nTcp: -1 700 12 0\nUdp: OutSegs\nUdp: 1\n";
        let told = sent_by(&[ip, tcp].concat());
        assert_eq!(
            told,
            Some(Sent {
                all: 700,
                again: 12
            })
        );
        let without = tcp.replace("RetransSegs", "Other");
        for other in [ip, "", "Tcp: OutSegs RetransSegs\n", &without] {
            assert_eq!(sent_by(other), None);
        }
        let mut counters = Counters::default();
        let before = sent(&mut counters).expect("this kernel says so, too");
        let _ = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| TcpStream::connect(listener.local_addr()?))
            .expect("loopback");
        let after = sent(&mut counters).expect("and once more");
        assert!(after.all > before.all, "{before:?} {after:?}");
    }
}
