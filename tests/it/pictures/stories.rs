//! Runs that more than one room of pictures shows.

use sticky_lab::event::RunTrace;
use sticky_lab::frame::Part;

use super::hand::{Story, decoder};

/// Lab 3's first run: the buffer cuts A, the queue loses the edge.
pub(super) fn leftover() -> RunTrace {
    Story::new(
        r#"{"name":"leftover","transport":"tcp",
            "client":[{"send":"hello"},{"send":"world"},{"await":"acked"}],
            "server":[{"await":{"queued":10}},{"recv":2},{"recv":10}],
            "expect":{"recvs":["he","lloworld"],"writes":2,"segments":2,
                      "edges":["receive-queue"],
                      "cuts":[{"message":"A","after":2,"by":"buffer"}]}}"#,
    )
    .send(b"hello", 1, 0)
    .send(b"world", 2, 0)
    .acked(2, 2)
    .queued(10)
    .recv(2, b"he", 8)
    .recv(10, b"lloworld", 0)
    .end()
}

/// The same messages, a length in front of each, read by 2, then 10 bytes.
pub(super) fn framed() -> RunTrace {
    let parts = [(Part::Prefix, 4), (Part::Payload, 5)];
    Story::new(
        r#"{"name":"framed","transport":"tcp","framing":{"length":">I"},
            "client":[{"send_frame":{"payload":"hello"}},{"send_frame":{"payload":"world"}}],
            "server":[{"recv_frames":{"count":2,"sizes":[2,10]}}],
            "expect":{"messages":["hello","world"]}}"#,
    )
    .frame(b"\0\0\0\x05hello", &parts, 1, 0)
    .frame(b"\0\0\0\x05world", &parts, 2, 0)
    .queued(18)
    .recv_into(2, b"\0\0", 16, Some(decoder(&[], Part::Prefix, 2, 4, 2)))
    .recv_into(
        10,
        b"\0\x05hello\0\0\0",
        6,
        Some(decoder(&[b"hello"], Part::Prefix, 3, 4, 3)),
    )
    .recv_into(
        10,
        b"\x05world",
        0,
        Some(decoder(&[b"world"], Part::Prefix, 0, 4, 0)),
    )
    .end()
}
