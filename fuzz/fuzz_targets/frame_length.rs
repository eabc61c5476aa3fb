#![no_main]

use libfuzzer_sys::fuzz_target;
use sticky_lab::frame::Framing;
use sticky_lab_fuzz::{Settings, check};

fuzz_target!(|data: &[u8]| {
    let mut settings = Settings { rest: data };
    let chunk = usize::from(settings.byte()).max(1);
    let framing = Framing::Length {
        layout: settings.layout(),
        limit: settings.limit(),
    };
    check(framing, settings.rest, chunk);
});
