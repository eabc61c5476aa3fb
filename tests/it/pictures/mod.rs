//! Exact pictures of runs written by hand, and what holds for every picture at every width.
//!
//! The pictures stand beside this file. `SNAPSHOTS=overwrite cargo test --test it pictures`
//! writes them anew; look at the difference before committing it.

mod beside;
mod bounds;
mod choices;
mod glance;
mod hand;
mod highlights;
mod restart;
mod stories;

use hand::{Story, decoder};
use snapbox::{assert_data_eq, file};
use sticky_lab::event::{
    Action, Barrier, Bytes, Capture, Command, Event, Flag, FullPipe, NumberPlace, Packet, Side,
    Taken, Trace, WireDetail,
};
use sticky_lab::frame::{FrameError, Layout, Part};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, View};
use sticky_lab::report::{self, Outcome};
use sticky_lab::text::Encoding;
use unicode_width::UnicodeWidthStr;

use crate::view::{self, EN, ZH};

/// The whole output for a lab, as the program prints it.
fn picture(trace: &Trace, view: &View) -> String {
    let mut out = render::opening(&trace.lab, view).finish();
    for run in &trace.runs {
        let report = report::build(run, view.has_evidence);
        out += &render::run(&trace.lab, run, &report, view).finish();
    }
    out + &render::closing(&trace.lab, view).finish()
}

fn plain(trace: &Trace, view: &View) -> String {
    picture(trace, &view::plain(view))
}

/// Nagle holds four bytes back; one segment takes them all.
fn lost_at_the_sender() -> Trace {
    let mut story = Story::new(
        r#"{"name":"delayed-ack","transport":"tcp",
            "client":[{"send":"h"},{"send":"e"},{"send":"l"},{"send":"l"},{"send":"o"}],
            "server":[{"recv_until_end":1024}],
            "expect":{"segments":2,"recvs":["h","ello"],"most_unsent":4}}"#,
    );
    story
        .send(b"h", 1, 0)
        .recv(1024, b"h", 0)
        .wait(2000)
        .send(b"e", 1, 1)
        .wait(2000)
        .send(b"l", 1, 2)
        .wait(2000)
        .send(b"l", 1, 3)
        .wait(2000)
        .send(b"o", 1, 4)
        .acked(32_000, 2)
        .recv(1024, b"ello", 0)
        .recv(1024, b"", 0);
    hand::lab(story.end())
}

/// A little-endian length read big-endian: refused.
fn refused() -> Trace {
    let mut refusal = decoder(&[], Part::Prefix, 4, 4, 4);
    refusal.refused = Some(FrameError::OverLimit {
        part: Part::Payload,
        value: 83_886_080,
        limit: 8 << 20,
        other_order: Some(5),
        text: None,
    });
    let mut story = Story::new(
        r#"{"name":"wrong-order","transport":"tcp",
            "client":[{"send_frame":{"payload":"hello","framing":{"length":"<I"}}}],
            "server":[{"recv_frames":{"count":1,"sizes":[1024],"framing":{"length":">I"}}}],
            "expect":{"messages":[],"refused":"over-limit"}}"#,
    );
    story
        .frame(
            b"\x05\0\0\0hello",
            &[(Part::Prefix, 4), (Part::Payload, 5)],
            1,
            0,
        )
        .recv_into(1024, b"\x05\0\0\0hello", 0, Some(refusal));
    hand::lab(story.end())
}

/// Datagrams: one truncated, one whole, one of no bytes, two dropped.
fn datagrams() -> Trace {
    let mut story = Story::new(
        r#"{"name":"datagrams","transport":"udp",
            "client":[{"sendto":"hello"},{"sendto":"world"},{"sendto":""},{"sendto":"gone"},{"sendto":"lost"}],
            "server":[{"recvfrom":2},{"recvfrom":10},{"recvfrom":10}],
            "expect":{"truncated":3,"drops":true}}"#,
    );
    story
        .sendto(b"hello")
        .sendto(b"world")
        .sendto(b"")
        .sendto(b"gone")
        .sendto(b"lost")
        .until(Side::Server, 3, Barrier::Signal("all sent".into()), None)
        .recvfrom(2, b"he", 3, 2)
        .recvfrom(10, b"world", 0, 2)
        .recvfrom(10, b"", 0, 2);
    hand::lab(story.end())
}

/// Three hundred messages, each read whole.
fn many_messages() -> Trace {
    let mut story = Story::new(
        r#"{"name":"many","transport":"tcp",
            "client":[{"repeat":{"times":300,"steps":[{"send":"message {n}"},{"await":"read"}]}}],
            "server":[{"recv_until_end":1024}],"expect":{"writes":300}}"#,
    );
    for n in 1..=300 {
        let text = format!("message {n}");
        story
            .send(text.as_bytes(), n, 0)
            .recv(1024, text.as_bytes(), 0);
    }
    story.recv(1024, b"", 0);
    hand::lab(story.end())
}

/// Two messages through reads of one byte.
fn one_byte_reads() -> Trace {
    let mut story = Story::new(
        r#"{"name":"one-byte","transport":"tcp",
            "client":[{"send":"hello"},{"send":"world"}],
            "server":[{"await":{"queued":10}},{"repeat":{"times":10,"steps":[{"recv":1}]}}]}"#,
    );
    story.send(b"hello", 1, 0).send(b"world", 2, 0).queued(10);
    for (i, byte) in b"helloworld".iter().enumerate() {
        story.recv(1, &[*byte], 9 - i as u64);
    }
    hand::lab(story.end())
}

/// Nagle's run again, with every packet: one is sent twice, and an ACK comes late.
fn on_the_wire() -> Trace {
    use Flag::{Ack, Fin, Psh, Syn};
    use Side::{Client, Server};
    let mut trace = lost_at_the_sender();
    let run = &mut trace.runs[0];
    run.capture = Some(Capture {
        mtu: 1500,
        tells_segments: false,
        private: true,
        dropped: 0,
    });
    let packet = |side, at_us, flags: &[Flag], seq, ack, len| Packet {
        side,
        conn: 1,
        at_us,
        flags: flags.into(),
        seq,
        ack,
        len,
        segment: None,
        window: Some(64_512),
        mss: flags.contains(&Flag::Syn).then_some(1460),
    };
    run.packets = vec![
        packet(Client, 20, &[Syn], None, None, 0),
        packet(Server, 21, &[Syn, Ack], None, Some(0), 0),
        packet(Client, 22, &[Ack], Some(0), Some(0), 0),
        packet(Client, 67, &[Psh, Ack], Some(0), Some(0), 1),
        packet(Client, 9_000, &[Psh, Ack], Some(0), Some(0), 1),
        packet(Server, 40_100, &[Ack], Some(0), Some(1), 0),
        packet(Client, 40_110, &[Psh, Ack], Some(1), Some(0), 4),
        packet(Server, 40_120, &[Ack], Some(0), Some(5), 0),
        packet(Client, 40_170, &[Fin, Ack], Some(5), Some(0), 0),
        packet(Server, 40_180, &[Fin, Ack], Some(0), Some(6), 0),
        packet(Client, 40_190, &[Ack], Some(6), Some(1), 0),
    ];
    trace
}

/// Everything that a peer could try on a terminal.
const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "\u{202e}txt.exe\u{2066}",
    "\r\n\t\u{8}\u{0}\u{7f}",
    "\u{9b}31m\u{90}q\u{9c}",
    "אבג\u{200b}\u{301}\u{feff}e\u{301}",
    "你好，世界 ｶﾅ 👩‍👩‍👧 ☎️ ｆｕｌｌ",
];

/// The same words as bytes on the wire, and wherever a trace has words.
fn hostile() -> Trace {
    let mut story = Story::unscripted("hostile", "{}");
    let mut all = Vec::new();
    for (i, text) in HOSTILE.iter().enumerate() {
        story.send(text.as_bytes(), i as u64 + 1, 0);
        all.extend_from_slice(text.as_bytes());
    }
    // Bytes that are no UTF-8, and a character torn between two messages.
    story.send(b"\xff\xfe\xc0\x80\xed\xa0\x80\xe4\xbd", 7, 0);
    story.send(b"\xa0\xf0\x9f", 8, 0);
    all.extend_from_slice(b"\xff\xfe\xc0\x80\xed\xa0\x80\xe4\xbd\xa0\xf0\x9f");
    let (first, rest) = all.split_at(31);
    story.recv(31, first, rest.len() as u64);
    story.recv(4096, rest, 0);
    let name = HOSTILE.concat();
    for action in what_a_program_does_with(&name) {
        story.event(Side::Server, 1, action).error = Some(name.clone());
    }
    for action in what_a_program_does_with(&name) {
        story.event(Side::Server, 1, action);
    }
    let signal = Action::Signal { name: name.clone() };
    story.event(Side::Client, 1, signal);
    let option = Action::Setsockopt {
        option: name.clone(),
        value: 1,
    };
    story.event(Side::Client, 1, option);
    let wait = Barrier::Signal(name.clone());
    story.until(Side::Server, 5, wait, None);
    story.event(Side::Client, 1, Action::Shutdown).error = Some(name.clone());
    let mut refusal = decoder(&[name.as_bytes()], Part::Header, 1, 2, 1);
    refusal.refused = Some(FrameError::BadHeader {
        reason: name.clone(),
        found: name.clone(),
    });
    refusal.out[0].header = serde_json::from_value(serde_json::json!({ &name: &name })).ok();
    refusal.out[0].verified = Some(name.clone());
    story.recv_into(10, b"", 0, Some(refusal));
    let mut run = story.end();
    run.name = format!("run {name}");
    run.claims = serde_json::from_value(serde_json::json!({
        "recvs": [&name], "refused": &name
    }))
    .expect("an expectation");
    run.address.clone_from(&name);
    for event in &mut run.events {
        if let Action::Bind { address: at }
        | Action::Connect { peer: at, .. }
        | Action::Accept { peer: at } = &mut event.action
        {
            at.clone_from(&name);
        }
    }
    let mut trace = hand::lab(run);
    for text in [&mut trace.lab.texts.en, &mut trace.lab.texts.zh]
        .into_iter()
        .flatten()
    {
        text.title += &name;
        text.question += &name;
        for section in [
            &mut text.look,
            &mut text.why,
            &mut text.next,
            &mut text.words,
        ] {
            section.push(name.clone());
        }
        text.runs = vec![(trace.runs[0].name.clone(), name.clone())];
    }
    trace.lab.slug += &name;
    trace.lab.os += &name;
    trace
}

/// The steps of a program that carry words of a lab file or a peer.
fn what_a_program_does_with(words: &str) -> Vec<Action> {
    let hex = Bytes(words.into());
    vec![
        Action::Parse {
            place: NumberPlace::Key(words.into()),
            hex: hex.clone(),
            value: Some(1),
        },
        Action::Decode {
            encoding: Encoding::Utf8,
            hex: hex.clone(),
            text: Some(words.into()),
        },
        Action::Command(Command {
            hex: hex.clone(),
            name: Some(words.into()),
            argv: vec![words.into(), words.into()],
            answer: Some(1),
            stderr: None,
        }),
        Action::Command(Command {
            hex,
            name: None,
            argv: Vec::new(),
            answer: Some(1),
            stderr: None,
        }),
    ]
}

/// Numbers, loops and commands, right and wrong.
fn program() -> Trace {
    let mut story = Story::unscripted(
        "program",
        r#"{"sizes":[4,5,2],
            "taken":[{"wanted":5,"counted":5,"has":5},{"wanted":4,"counted":2,"has":2}],
            "errors":["server unpack wrong-size","server command no-program",
                      "server command stuck"]}"#,
    );
    let taken = |wanted, counted, has, empty| {
        Action::Loop(Taken {
            wanted,
            counted,
            has,
            empty,
        })
    };
    let unpack = |bytes: &[u8], value: Option<u64>| Action::Unpack {
        layout: Layout::I32Le,
        hex: Bytes(bytes.into()),
        value: value.map(Into::into),
    };
    let command = |name: &str, argv: &[&str], answer| {
        Action::Command(Command {
            hex: Bytes(name.into()),
            name: Some(name.into()),
            argv: argv.iter().map(ToString::to_string).collect(),
            answer,
            stderr: None,
        })
    };
    story.send(b"\x05\0\0\0hello", 1, 0).send(b"ls", 2, 0);
    story.recv(4, b"\x05\0\0\0", 7);
    story.event(Side::Server, 1, unpack(b"\x05\0\0\0", Some(5)));
    story.recv(5, b"hello", 2);
    story.event(Side::Server, 1, taken(5, 5, 5, 0));
    story.event(Side::Server, 1, command("hello", &[], Some(12)));
    story.recv(4, b"ls", 0);
    story.event(Side::Server, 1, taken(4, 2, 2, 0));
    story.event(Side::Server, 1, unpack(b"ls", None)).error = Some("wrong-size".into());
    let known = command("ls", &["seq", "1", "400"], Some(1492));
    story.event(Side::Server, 1800, known);
    let missing = command("ps", &["no-such-program"], None);
    story.event(Side::Server, 300, missing).error = Some("no-program".into());
    let mut stuck = command("make", &["make", "all"], None);
    if let Action::Command(command) = &mut stuck {
        // As where a write of 48 bytes does not fit into what is left of a page.
        command.stderr = Some(FullPipe {
            queued: 65_280,
            capacity: 65_536,
        });
    }
    story.event(Side::Server, 2000, stuck).error = Some("stuck".into());
    hand::lab(story.end())
}

/// A call that was still waiting, an answer from the server, a failed write, bytes never read.
fn unhappy() -> Trace {
    let mut story = Story::new(
        r#"{"name":"unhappy","transport":"tcp",
            "client":[{"send":"hello"}],"server":[{"recv_exact":10}],
            "expect":{"recvs":["hello","there"],"segments":7,"edges":["sender"]}}"#,
    );
    story.send(b"hello", 1, 0).recv(10, b"he", 3);
    let answer = Action::Send(sticky_lab::event::Write {
        message: "a".parse().expect("a label"),
        peer: None,
        asked: 3,
        returned: Some(3),
        hex: Bytes(b"yes".into()),
        layout: Vec::new(),
    });
    story.event(Side::Server, 3, answer);
    story.send(b"again", 2, 0);
    let failed = Action::Send(sticky_lab::event::Write {
        message: "C".parse().expect("a label"),
        peer: None,
        asked: 4,
        returned: None,
        hex: Bytes(b"lost".into()),
        layout: Vec::new(),
    });
    story.event(Side::Client, 3, failed).error = Some("ECONNRESET".into());
    let read = Action::Recv(sticky_lab::event::Read::asking(8));
    story.event(Side::Server, 5_000_000, read).error = Some("deadline".into());
    hand::lab(story.end())
}

fn all() -> Vec<(&'static str, Trace)> {
    vec![
        ("leftover", hand::lab(stories::leftover())),
        ("lost at the sender", lost_at_the_sender()),
        ("on the wire", on_the_wire()),
        ("framed", hand::lab(stories::framed())),
        ("refused", refused()),
        ("datagrams", datagrams()),
        ("many messages", many_messages()),
        ("one-byte reads", one_byte_reads()),
        ("hostile", hostile()),
        ("unhappy", unhappy()),
        ("program", program()),
        ("nothing at all", {
            let story = Story::unscripted("nothing", "{}").end();
            hand::lab(story)
        }),
    ]
}

#[test]
fn leftover_at_80_columns() {
    assert_data_eq!(
        picture(&hand::lab(stories::leftover()), &EN),
        file!["leftover-80.txt"].raw()
    );
}

#[test]
fn leftover_at_120_columns() {
    let wide = View { width: 120, ..EN };
    assert_data_eq!(
        picture(&hand::lab(stories::leftover()), &wide),
        file!["leftover-120.txt"].raw()
    );
}

#[test]
fn leftover_in_chinese() {
    assert_data_eq!(
        picture(&hand::lab(stories::leftover()), &ZH),
        file!["leftover-zh-80.txt"].raw()
    );
}

#[test]
fn leftover_in_ascii() {
    let ascii = View { ascii: true, ..EN };
    let shown = picture(&hand::lab(stories::leftover()), &ascii);
    assert!(shown.is_ascii());
    assert_data_eq!(shown, file!["leftover-ascii-80.txt"].raw());
}

#[test]
fn leftover_plain() {
    assert_data_eq!(
        plain(&hand::lab(stories::leftover()), &EN),
        file!["leftover-plain.txt"].raw()
    );
    assert_data_eq!(
        plain(&hand::lab(stories::leftover()), &ZH),
        file!["leftover-plain-zh.txt"].raw()
    );
}

#[test]
fn lost_at_the_sender_shows_what_waited() {
    assert_data_eq!(
        picture(&lost_at_the_sender(), &EN),
        file!["sender-80.txt"].raw()
    );
}

#[test]
fn the_wire_is_a_lane_between_the_sides() {
    let trace = on_the_wire();
    let full = View {
        wire: WireDetail::Full,
        ..EN
    };
    assert_data_eq!(picture(&trace, &EN), file!["wire-80.txt"].raw());
    assert_data_eq!(
        picture(&trace, &View { width: 120, ..full }),
        file!["wire-full-120.txt"].raw()
    );
    assert_data_eq!(picture(&trace, &ZH), file!["wire-zh-80.txt"].raw());
    assert_data_eq!(plain(&trace, &full), file!["wire-plain.txt"].raw());
}

#[test]
fn framed_shows_the_decoder() {
    let wide = View { width: 120, ..EN };
    assert_data_eq!(
        picture(&hand::lab(stories::framed()), &wide),
        file!["framed-120.txt"].raw()
    );
    assert_data_eq!(picture(&refused(), &EN), file!["refused-80.txt"].raw());
}

#[test]
fn datagrams_are_cut_and_dropped() {
    assert_data_eq!(picture(&datagrams(), &EN), file!["datagrams-80.txt"].raw());
}

#[test]
fn of_many_messages_the_middle_is_left_out() {
    let shown = picture(&many_messages(), &EN);
    assert!(shown.lines().count() < 120, "{}", shown.lines().count());
    assert_data_eq!(shown, file!["many-80.txt"].raw());
}

#[test]
fn reads_of_one_byte_keep_their_letters() {
    assert_data_eq!(
        picture(&one_byte_reads(), &EN),
        file!["one-byte-80.txt"].raw()
    );
}

#[test]
fn what_went_wrong_is_drawn() {
    assert_data_eq!(picture(&unhappy(), &EN), file!["unhappy-80.txt"].raw());
}

#[test]
fn what_a_program_makes_of_its_reads_is_drawn() {
    assert_data_eq!(picture(&program(), &EN), file!["program-80.txt"].raw());
    assert_data_eq!(plain(&program(), &ZH), file!["program-plain-zh.txt"].raw());
}

#[test]
fn hostile_bytes_are_drawn_harmless() {
    assert_data_eq!(picture(&hostile(), &EN), file!["hostile-80.txt"].raw());
}

/// The runs by hand say what they are meant to say; a picture of something else would prove
/// nothing.
#[test]
fn the_runs_by_hand_come_out_as_meant() {
    for (name, trace) in all() {
        let run = &trace.runs[0];
        let report = report::build(run, true);
        let expected = match name {
            "hostile" => Outcome::Differs,
            "unhappy" => Outcome::Deadline,
            _ => Outcome::AsExpected,
        };
        assert_eq!(report.outcome, expected, "{name}: {:?}", report.checks);
        assert!(report.flows.iter().all(|flow| flow.ranges.intact), "{name}");
        let in_order = |events: &[Event]| events.is_sorted_by_key(|event| event.call_us);
        assert!(in_order(&run.events), "{name}");
    }
}

/// Characters that a terminal obeys, that take no column, or that turn the direction.
fn harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{590}'..='\u{8ff}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{fb1d}'..='\u{fdff}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[test]
fn every_line_fits_at_every_width() {
    let mut wrong: Vec<String> = Vec::new();
    for (name, trace) in all() {
        for lang in [Lang::En, Lang::Zh] {
            for asked in [true, false] {
                // At how many widths something is wrong, and the first line that is.
                let mut bad = (0, String::new());
                // Without a kernel little is drawn otherwise: some widths will do.
                for width in (60..=200).step_by(if asked { 1 } else { 7 }) {
                    let view = View {
                        lang,
                        width,
                        has_evidence: asked,
                        wire: if asked {
                            WireDetail::Full
                        } else {
                            WireDetail::Data
                        },
                        ..EN
                    };
                    let shown = picture(&trace, &view);
                    let found = shown.lines().enumerate().find_map(|(i, line)| {
                        let what = if line.width() > width {
                            "too long"
                        } else if line.trim_end() != line {
                            "trailing space"
                        } else if line.chars().any(harmful) {
                            "harmful"
                        } else {
                            return None;
                        };
                        Some(format!("at {width}, line {}: {what}: {line:?}", i + 1))
                    });
                    if let Some(found) = found {
                        bad.0 += 1;
                        if bad.1.is_empty() {
                            bad.1 = found;
                        }
                    }
                }
                if bad.0 > 0 {
                    wrong.push(format!(
                        "{name}, {lang:?}, {} widths, first {}",
                        bad.0, bad.1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn ascii_and_plain_hold_nothing_harmful_either() {
    for (name, trace) in all() {
        for width in [60, 80, 133, 200] {
            let view = View {
                ascii: true,
                width,
                ..EN
            };
            for shown in [picture(&trace, &view), plain(&trace, &view)] {
                let bad = shown
                    .chars()
                    .find(|c| !c.is_ascii() || *c != '\n' && harmful(*c));
                assert_eq!(bad, None, "{name} at {width}");
            }
            let wide = picture(&trace, &view);
            let long = wide.lines().find(|line| line.len() > width);
            // An ellipsis is three columns in ASCII, and even then the line fits.
            assert_eq!(long, None, "{name} at {width}");
        }
        for view in [EN, ZH] {
            for (i, line) in plain(&trace, &view).lines().enumerate() {
                assert!(
                    !line.chars().any(harmful),
                    "{name}, line {}: {line:?}",
                    i + 1
                );
                assert_eq!(line.trim_end(), line, "{name}: trailing space");
                assert!(!line.is_empty(), "{name}: one fact a line");
            }
        }
    }
}

#[test]
fn colour_adds_escapes_and_moves_nothing() {
    colored::control::set_override(true);
    for (name, trace) in all() {
        for colour in [Colour::Sixteen, Colour::True] {
            let bare = picture(&trace, &EN);
            let coloured = picture(&trace, &View { colour, ..EN });
            assert_ne!(bare, coloured, "{name}");
            // Only colours: ESC [ digits and semicolons m.
            let mut stripped = String::new();
            let mut parts = coloured.split('\u{1b}');
            stripped += parts.next().expect("there is a first part");
            for part in parts {
                let (code, rest) = part.split_once('m').expect("an escape ends with m");
                assert!(
                    code.starts_with('[')
                        && code[1..].chars().all(|c| c.is_ascii_digit() || c == ';'),
                    "{name}: {code:?}"
                );
                stripped += rest;
            }
            let first = stripped.lines().zip(bare.lines()).find(|(a, b)| a != b);
            assert_eq!(first, None, "{name}");
            assert_eq!(stripped, bare, "{name}");
        }
    }
}
