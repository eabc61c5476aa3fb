//! A system whose kernel cannot be asked: everything runs, owners and kept edges are shown, no
//! cause is claimed, and no lab is said to differ. Linux stands in for such a system here; what
//! those systems cannot set at all (`TCP_CORK`, `TCP_QUICKACK`) it can.

use std::collections::BTreeMap;

use sticky_lab::event::{Action, Barrier, Event, RunTrace, Texts, Trace, WireDetail};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, Detail, Form, View};
use sticky_lab::report::{self, Claim, CutBy, Fact, Fate, LostIn, Outcome, Report, Verdict};
use sticky_lab::run::Kernel;

fn all() -> &'static [Trace] {
    crate::live::catalogue(Kernel::Silent)
}

/// Nothing in an event can have come from a question to the kernel.
fn says_nothing(event: &Event) {
    assert_eq!(event.kernel, None, "{event:?}");
    match &event.action {
        Action::Recv(read) | Action::Recvfrom(read) => {
            assert_eq!(
                (read.left, read.truncated, read.dropped, read.next),
                (None, None, None, None),
                "{event:?}"
            );
        }
        _ => {}
    }
}

/// Every byte has its owner, whichever side read it: `datagram 1` cannot be the beginning of
/// `datagram 10`, though no kernel says that nothing was cut off, since the buffer had room for
/// more.
fn owners_are_whole(run: &RunTrace, report: &Report) {
    let name = &run.name;
    for flow in &report.flows {
        assert!(
            flow.ranges.unowned.is_empty(),
            "{name}: {:?}",
            flow.direction
        );
    }
    assert_eq!(run.events.len(), report.notes.len(), "{name}");
    for (event, note) in run.events.iter().zip(&report.notes) {
        if let Action::Recv(read) | Action::Recvfrom(read) = &event.action {
            let owned: u64 = note.owners.iter().map(|(_, from, to)| to - from).sum();
            // Of many calls in one event the first bytes stand there.
            let whole = read.returned.unwrap_or_default();
            assert_eq!(owned, whole, "{name}: {event:?}");
        }
    }
}

#[test]
fn every_run_runs_and_claims_no_cause() {
    let mut lost = 0;
    let mut kept = 0;
    let mut cut = 0;
    for trace in all() {
        assert!(trace.lab.evidence.is_empty());
        for run in &trace.runs {
            let name = format!("{} {}", trace.lab.slug, run.name);
            run.events.iter().for_each(says_nothing);
            let report = report::build(run, false);
            assert!(
                matches!(report.outcome, Outcome::AsExpected | Outcome::Unconfirmed),
                "{name}: {:?} {:?}",
                report.outcome,
                report.checks
            );
            let errors_claimed = report
                .checks
                .iter()
                .any(|check| check.claim == Claim::Errors);
            assert!(report.failed.is_empty() || errors_claimed, "{name}");
            for check in &report.checks {
                assert_ne!(check.verdict, Verdict::Differs, "{name}: {check:?}");
            }
            owners_are_whole(run, &report);
            for flow in &report.flows {
                assert!(flow.ranges.intact, "{name}");
                assert_eq!(flow.segments, report::Segments::default(), "{name}");
                assert_eq!(flow.most_unsent, None, "{name}");
                for edge in &flow.edges {
                    match edge.fate {
                        Fate::Lost(cause) => {
                            assert_eq!(cause, LostIn::Undetermined, "{name}: {edge:?}");
                            lost += 1;
                        }
                        Fate::Kept => kept += 1,
                        Fate::NotRead | Fate::NotRecorded => {}
                    }
                }
                for at in &flow.cuts {
                    assert_eq!(at.by, CutBy::Undetermined, "{name}: {at:?}");
                    cut += 1;
                }
                if let Some(datagrams) = &flow.datagrams {
                    // Where nothing was received, nothing was cut.
                    let cut = (datagrams.received == 0).then_some(0);
                    assert_eq!((datagrams.truncated, datagrams.dropped), (cut, None));
                    assert!(datagrams.gone.is_empty() && !datagrams.accounted, "{name}");
                }
            }
        }
    }
    // The catalogue has all three, and without a kernel they are seen all the same.
    assert!(lost > 10 && kept > 10 && cut > 5, "{lost} {kept} {cut}");
}

/// Whether a wait is for a count or a state that a silent kernel does not tell, or a command may
/// be stuck, which it does not tell either.
fn rests_on_the_kernel(run: &RunTrace) -> bool {
    run.events.iter().any(|event| {
        report::is_lacking(event)
            || matches!(
                event.action,
                Action::Await {
                    until: Barrier::Sent | Barrier::Acked | Barrier::State(_) | Barrier::Error,
                    seen: None
                } | Action::States { .. }
            )
    })
}

/// The claims that a wait which needs a kernel brings about: how much the reset took away, for one
/// that was not waited for; that a program is stuck. What else such runs claim does not rest on it.
const MAY_BE_OPEN: [(&str, Claim); 3] = [
    ("unread-input", Claim::BytesLost),
    ("unread-input", Claim::Errors),
    ("stdout-first", Claim::Errors),
];

/// What needs no kernel is as sure as ever: what each run claims of writes, reads, messages and
/// the end of the stream is met, or left open where it rests on a wait that needs one; what needs
/// one itself is left open.
#[test]
fn what_needs_no_kernel_is_confirmed() {
    let mut outcomes = BTreeMap::new();
    for trace in all() {
        for run in &trace.runs {
            let report = report::build(run, false);
            for check in &report.checks {
                use Claim::{
                    BytesLost, BytesSent, Drops, Edges, EndOfStream, Errors, Files, Messages,
                    MostUnsent, RecvCount, Recvs, Refused, Segments, Sizes, States, Taken, Texts,
                    Truncated, Whole, Writes,
                };
                match check.claim {
                    Recvs | RecvCount | Sizes | Taken | Writes | BytesSent | BytesLost | Texts
                    | Errors | Messages | Refused | Files | EndOfStream | Whole => {
                        let name = &*run.name;
                        let open = check.verdict == Verdict::Unconfirmed
                            && rests_on_the_kernel(run)
                            && MAY_BE_OPEN.contains(&(name, check.claim));
                        assert!(check.verdict == Verdict::Met || open, "{name}: {check:?}");
                    }
                    Segments | MostUnsent | Truncated | Drops | States => {
                        assert_eq!(check.verdict, Verdict::Unconfirmed, "{check:?}");
                    }
                    // That an edge was kept is seen in the reads; why it was lost is not.
                    Edges => {
                        let Fact::Edges(fates) = &check.expected else {
                            panic!("{check:?}");
                        };
                        let lost = fates.iter().any(|fate| *fate != Fate::Kept);
                        let open = check.verdict == Verdict::Unconfirmed;
                        assert_eq!(open, lost, "{check:?}");
                    }
                    Claim::Cuts => {
                        let none = check.expected == Fact::Cuts(Vec::new());
                        assert_eq!(check.verdict == Verdict::Met, none, "{check:?}");
                    }
                }
            }
            outcomes.insert(format!("{}/{}", trace.lab.slug, run.name), report.outcome);
        }
    }
    // A run that claims nothing of the kernel is as expected, one that does is not refuted.
    for (name, outcome) in [
        ("naive/race", Outcome::AsExpected),
        ("naive/late-reader", Outcome::Unconfirmed),
        ("length-prefix/one-byte", Outcome::AsExpected),
        ("length-prefix/wrong-order", Outcome::AsExpected),
        ("header-dict/bad-hash", Outcome::AsExpected),
        ("udp/empty", Outcome::AsExpected),
        ("udp/flood", Outcome::Unconfirmed),
    ] {
        assert_eq!(outcomes[name], outcome, "{name}");
    }
}

/// What the pictures say where a cause is known; each phrase stands at the start of its sentence,
/// so that no line break goes through it.
const CAUSES: [(Lang, [&str; 6]); 2] = [
    (
        Lang::En,
        [
            "lost at the sender",
            "lost in the receive queue",
            ", by the buffer",
            ", by arrival",
            "TCP_INFO",
            "SO_MEMINFO",
        ],
    ),
    (
        Lang::Zh,
        [
            "丢在发送端：",
            "丢在接收队列：",
            "的缓冲区满了，",
            "其余后来才到",
            "TCP_INFO",
            "SO_MEMINFO",
        ],
    ),
];

/// The run's picture and plain form, without the sentence about it that the lab's text has: that
/// one may speak of anything, and is no claim about this run.
fn shown(trace: &Trace, run: &RunTrace, lang: Lang, has_evidence: bool) -> [String; 2] {
    let report = report::build(run, has_evidence);
    let view = View {
        form: Form::Picture,
        lang,
        colour: Colour::None,
        ascii: false,
        width: 240,
        has_evidence,
        wire: WireDetail::Data,
        detail: Detail::Full,
        hex: false,
    };
    let mut lab = trace.lab.clone();
    lab.texts = Texts::default();
    [
        render::run(&lab, run, &report, &view).finish(),
        render::run(&lab, run, &report, &crate::view::plain(&view)).finish(),
    ]
}

#[test]
fn the_pictures_say_that_nobody_was_asked() {
    for trace in all() {
        for run in &trace.runs {
            let name = &run.name;
            let report = report::build(run, false);
            let lost = report
                .flows
                .iter()
                .flat_map(|flow| &flow.edges)
                .any(|edge| matches!(edge.fate, Fate::Lost(_)));
            for (lang, causes) in CAUSES {
                for shown in shown(trace, run, lang, false) {
                    // What could not be confirmed is quoted, and in Chinese in the same words.
                    let own = |line: &&str| !line.contains("实验所述为");
                    let shown: String = shown.lines().filter(own).collect();
                    for cause in causes {
                        assert!(!shown.contains(cause), "{name}: `{cause}` in {shown}");
                    }
                    let said = match lang {
                        Lang::En => "lost, where is undetermined",
                        Lang::Zh => "丢失，位置未定",
                    };
                    assert_eq!(shown.contains(said), lost, "{name}: {shown}");
                }
            }
            let json = render::json::run(run, &report);
            for cause in [
                "\"lost_in\":\"sender\"",
                "\"lost_in\":\"receive-queue\"",
                "\"cut_by\":\"buffer\"",
                "\"cut_by\":\"arrival\"",
            ] {
                assert!(!json.contains(cause), "{name}: {json}");
            }
            assert!(json.contains("\"segments\":null"), "{name}");
        }
    }
}

/// An empty datagram is no end, even where no kernel says how long it was; a stream has ends only.
#[test]
fn an_empty_datagram_is_not_called_the_end() {
    let is_udp = |trace: &&Trace| trace.lab.slug == "udp";
    let trace = all().iter().find(is_udp).expect("lab 6");
    for (name, says, not) in [
        ("empty", "an empty datagram", "end of stream"),
        ("empty-over-tcp", "end of stream", "an empty datagram"),
    ] {
        let run = trace.runs.iter().find(|run| run.name == name);
        for shown in shown(trace, run.expect("the run"), Lang::En, false) {
            assert!(shown.contains(says) && !shown.contains(not), "{shown}");
        }
    }
}

/// The phrases looked for above are those that the program uses: where there is a kernel to ask,
/// the catalogue's pictures have every one of them.
#[cfg(target_os = "linux")]
#[test]
fn the_phrases_are_the_programs_own() {
    for (lang, causes) in CAUSES {
        let mut everything = [String::new(), String::new()];
        for trace in crate::live::catalogue(Kernel::Asked) {
            for run in &trace.runs {
                for (all, one) in everything.iter_mut().zip(shown(trace, run, lang, true)) {
                    *all += &one;
                }
            }
        }
        for cause in causes {
            // The ruler names TCP_INFO; the plain form names it only where bytes waited.
            for (form, everything) in everything.iter().enumerate() {
                assert!(everything.contains(cause), "{lang:?} {form}: {cause}");
            }
        }
    }
}
