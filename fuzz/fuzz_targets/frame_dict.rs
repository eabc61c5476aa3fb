#![no_main]

use libfuzzer_sys::fuzz_target;
use sticky_lab::frame::{Body, Framing, Outgoing};
use sticky_lab_fuzz::{Settings, check};

fuzz_target!(|data: &[u8]| {
    let mut settings = Settings { rest: data };
    let chunk = usize::from(settings.byte()).max(1);
    let layout = settings.layout();
    let limit = settings.limit();
    let header_limit = settings.limit();
    let body = match settings.byte() % 2 {
        0 => Body::Payload,
        _ => Body::None,
    };
    let framing = Framing::HeaderDict {
        layout,
        limit,
        header_limit,
        body,
    };
    check(framing, settings.rest, chunk);

    // The fuzzer seldom hits on a prefix, a JSON object and an MD5 that agree: as a header behind
    // its own length, and as the payload of a message that is right, the bytes get further.
    let stream = settings.rest;
    let Ok(prefix) = layout.encode(stream.len() as u64) else {
        return;
    };
    check(framing, &[&prefix, stream, b"payload"].concat(), chunk);
    let name = String::from_utf8_lossy(stream);
    let message = Outgoing {
        name: Some(&name),
        ..Outgoing::new(stream)
    };
    let encoded = framing.encode(&message).expect("a short header").concat();
    check(framing, &encoded, chunk);
});
