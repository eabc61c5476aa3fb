//! The length-prefix decoder against tokio-util's `LengthDelimitedCodec`, on the same bytes.
//!
//! Each group is one frame size and one receive size, such as `16B-frames-4KiB-receives`, with the
//! functions `ours` and `tokio-util`: the ratio is that of the two `estimates.json` which criterion
//! leaves under `target/criterion/<group>/<function>/new/`.

use std::hint::black_box;
use std::time::Duration;

use bytes::BytesMut;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sticky_lab::frame::{Framing, Layout, Outgoing};
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

/// Bytes of payload in each stream: past the first caches, short enough to repeat often.
const PAYLOADS: usize = 1 << 20;

fn length_prefix(criterion: &mut Criterion) {
    let frames = [("16B", 16), ("1KiB", 1 << 10), ("64KiB", 1 << 16)];
    let receives = [("4KiB", 1 << 12), ("64KiB", 1 << 16)];
    for (frame_name, frame) in frames {
        let framing = Framing::length(Layout::U32Be);
        let message = framing
            .encode(&Outgoing::new(&vec![b'x'; frame]))
            .expect("a short message")
            .concat();
        let stream = message.repeat(PAYLOADS / frame);

        for (receive_name, receive) in receives {
            let mut group =
                criterion.benchmark_group(format!("{frame_name}-frames-{receive_name}-receives"));
            group
                .throughput(Throughput::Bytes(stream.len() as u64))
                .warm_up_time(Duration::from_secs(1))
                .measurement_time(Duration::from_secs(3));

            // Both keep their buffer from one pass to the next, as on a long connection.
            let mut decoder = framing.decoder();
            group.bench_function("ours", |bencher| {
                bencher.iter(|| {
                    let mut messages = 0;
                    for mut received in black_box(&stream).chunks(receive) {
                        while let Some(frame) = decoder.decode(&mut received).expect("a frame") {
                            black_box(frame.payload);
                            messages += 1;
                        }
                    }
                    assert_eq!(messages, PAYLOADS / frame);
                });
            });

            let mut codec = LengthDelimitedCodec::builder()
                .length_field_type::<u32>()
                .big_endian()
                .new_codec();
            let mut buffer = BytesMut::new();
            group.bench_function("tokio-util", |bencher| {
                bencher.iter(|| {
                    let mut messages = 0;
                    for received in black_box(&stream).chunks(receive) {
                        // A receive into the codec's buffer.
                        buffer.extend_from_slice(received);
                        while let Some(payload) = codec.decode(&mut buffer).expect("a frame") {
                            black_box(&payload[..]);
                            messages += 1;
                        }
                    }
                    assert_eq!(messages, PAYLOADS / frame);
                });
            });
            group.finish();
        }
    }
}

criterion_group!(benches, length_prefix);
criterion_main!(benches);
