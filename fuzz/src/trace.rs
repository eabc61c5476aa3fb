//! Any bytes as a trace: it is refused, or every form of it can be drawn, with nothing in it that
//! a terminal obeys and no line too long.

use sticky_lab::event::{RunTrace, WireDetail};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, Detail, Form, View};
use sticky_lab::{report, trace};
use unicode_width::UnicodeWidthStr;

pub fn check(data: &[u8]) {
    let [width, flags, trace @ ..] = data else {
        return;
    };
    let Ok(traces) = trace::read(trace) else {
        return;
    };
    let lang = if flags & 1 == 0 { Lang::En } else { Lang::Zh };
    let view = View {
        form: Form::Picture,
        lang,
        colour: Colour::None,
        ascii: flags & 2 != 0 && lang == Lang::En,
        width: render::NARROWEST + usize::from(*width) % (render::WIDEST - render::NARROWEST + 1),
        has_evidence: flags & 4 != 0,
        wire: if flags & 8 == 0 {
            WireDetail::Data
        } else {
            WireDetail::Full
        },
        detail: if flags & 16 == 0 {
            Detail::Full
        } else {
            Detail::Glance
        },
        hex: flags & 32 != 0,
    };
    let linear = View {
        form: Form::Plain,
        ..view
    };
    for trace in &traces {
        let names: Vec<&str> = trace.runs.iter().map(|r| r.name.as_str()).collect();
        let mut json = render::json::opening(&trace.lab, &names, lang);
        let mut picture = render::opening(&trace.lab, &view).finish();
        let mut plain = render::opening(&trace.lab, &linear).finish();
        for run in &trace.runs {
            let report = report::build(run, view.has_evidence);
            assert_eq!(report.notes.len(), run.events.len());
            json += &render::json::run(run, &report);
            picture += &render::run(&trace.lab, run, &report, &view).finish();
            plain += &render::run(&trace.lab, run, &report, &linear).finish();
        }
        picture += &render::closing(&trace.lab, &view).finish();
        let reports: Vec<_> = trace
            .runs
            .iter()
            .map(|run| report::build(run, view.has_evidence))
            .collect();
        let judged: Vec<_> = trace.runs.iter().zip(&reports).collect();
        let heads: Vec<_> = trace.runs.iter().map(RunTrace::head).collect();
        let mut screen = render::Glance::of(&trace.lab, &heads, &view);
        for (run, report) in &judged {
            screen.add(run, report);
        }
        picture += &screen.rest(&judged).finish();
        plain += &render::closing(&trace.lab, &linear).finish();
        for line in picture.split('\n') {
            harmless(line, view.ascii);
            assert!(line.width() <= view.width, "{}: {line:?}", view.width);
            assert!(!line.ends_with(' '), "{line:?}");
        }
        for line in plain.split('\n') {
            harmless(line, view.ascii);
        }
        for line in json.split('\n') {
            harmless(line, false);
        }
        // What was written of it reads back as the same trace.
        let back = trace::read(json.as_bytes()).expect("its own lines read back");
        assert_eq!(&back, std::slice::from_ref(trace));
    }
}

fn harmless(line: &str, ascii: bool) {
    for c in line.chars() {
        assert!(!c.is_control(), "{line:?}");
        assert!(!ascii || c.is_ascii(), "{line:?}");
        let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{590}'..='\u{8ff}' | '\u{feff}');
        assert!(!turns, "{line:?}");
    }
}
