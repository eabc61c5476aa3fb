//! A run revealed step by step, at a real terminal.

use crate::shell::{Done, done, lab};
use crate::terminal::Terminal;

const TRACE: &[&str] = &["replay", "docs/lab-3.jsonl", "--step"];

fn start(more: &[&str], columns: u16, rows: u16) -> Terminal {
    Terminal::start(&[TRACE, more].concat(), columns, rows)
}

#[test]
fn keys_lead_through_the_run() {
    let mut terminal = start(&["--run", "leftover"], 80, 24);
    terminal.wait_for("0 / 6");
    assert!(terminal.wait_alternate(), "the screen is borrowed");
    let screen = terminal.screen();
    assert!(
        screen.contains("send(\"hello\")") && screen.contains("wait until 10 bytes queued"),
        "the script stands there: {screen}"
    );
    assert!(
        !screen.contains("send(A)") && !screen.contains("ms"),
        "nothing is revealed yet: {screen}"
    );
    terminal.keys(" ");
    terminal.wait_for("1 / 6");
    let screen = terminal.screen();
    assert!(
        screen.contains("send(A) = 5") && !screen.contains("send(B)"),
        "{screen}"
    );
    assert!(
        screen.contains("writes     |AAAA") && !screen.contains("BBBB") && !screen.contains("??"),
        "the ruler grows, and tells nothing before its time: {screen}"
    );
    // Right, Enter, and a letter go on as well.
    terminal.keys("\u{1b}[C\rn");
    terminal.wait_for("4 / 6");
    let screen = terminal.screen();
    assert!(
        screen.contains("recv(2) = 2") && !screen.contains("recv(10) = 8"),
        "{screen}"
    );
    terminal.keys("b");
    terminal.wait_for("3 / 6");
    terminal.keys("5");
    terminal.wait_for("go to 5");
    terminal.keys("\r");
    terminal.wait_for("5 / 6");
    terminal.wait_for("recv(10) = 8");
    terminal.keys("\u{1b}[F");
    terminal.wait_for("As the lab says.");
    terminal.keys("\u{1b}[H");
    terminal.wait_for("0 / 6");
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn the_next_run_follows_and_the_one_before_is_a_step_back() {
    let mut terminal = start(&[], 100, 30);
    terminal.wait_for("leftover");
    terminal.keys("G ");
    terminal.wait_for("late-world");
    terminal.wait_for("0 / ");
    terminal.keys("b");
    terminal.wait_for("As the lab says.");
    terminal.wait_for("leftover");
    terminal.keys("\u{1b}");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_resize_redraws_and_forty_columns_are_enough() {
    let mut terminal = start(&["--run", "leftover"], 80, 24);
    terminal.wait_for("0 / 6");
    terminal.keys("   ");
    terminal.wait_for("3 / 6");
    terminal.resize(120, 40);
    terminal.wait_until("the new last row", |screen| {
        screen
            .rows(0, 120)
            .nth(39)
            .is_some_and(|row| row.contains("quit"))
    });
    terminal.resize(40, 12);
    terminal.wait_for("space next  b back  q quit");
    terminal.keys(" ");
    terminal.wait_for("4 / 6");
    terminal.wait_for("recv(2) = 2");
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn ctrl_c_and_the_end_of_the_input_leave_the_terminal_as_it_was() {
    for (keys, code) in [("\u{3}", 130), ("\u{4}", 0)] {
        for lang in ["en", "zh"] {
            let mut terminal = start(&["--lang", lang, "--color", "never"], 80, 24);
            terminal.wait_for("leftover");
            assert!(terminal.wait_alternate());
            terminal.keys(keys);
            assert_eq!(terminal.end(), code, "{keys:?} {lang}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_signal_from_outside_leaves_the_terminal_as_it_was() {
    for signal in ["INT", "TERM", "HUP"] {
        let mut terminal = start(&[], 80, 24);
        terminal.wait_for("leftover");
        assert!(terminal.wait_alternate());
        terminal.signal(signal);
        assert_eq!(terminal.end(), 130, "{signal}");
    }
}

/// By another terminal, or by `kill`: the keys for these are read as keys.
#[cfg(target_os = "linux")]
#[test]
fn whoever_is_stopped_or_ended_from_outside_gives_the_terminal_back_first() {
    let mut terminal = start(&["--run", "leftover"], 80, 24);
    terminal.wait_for("0 / 6");
    for step in 1..=3 {
        terminal.keys(" ");
        terminal.wait_for(&format!("{step} / 6"));
        terminal.signal("TSTP");
        terminal.wait_until_stopped();
        terminal.wait_until("the screen that was there", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor()
        });
        assert!(!terminal.is_changed(), "lines and echo are back");
        terminal.signal("CONT");
        assert!(terminal.wait_alternate());
        // Drawn anew, with nothing lost.
        terminal.wait_for(&format!("{step} / 6"));
    }
    terminal.signal("QUIT");
    assert_ne!(terminal.end(), 0);
}

#[test]
fn the_linear_form_says_a_fact_at_a_time() {
    let mut terminal = start(&["--run", "leftover", "--plain"], 80, 24);
    terminal.wait_for("(1 of");
    assert!(terminal.screen().contains("leftover: server: recv(2)"));
    terminal.keys("\r");
    terminal.wait_for("(2 of");
    terminal.keys("b\r");
    terminal.wait_until("the first one again", |screen| {
        screen.contents().matches("(1 of").count() == 2
    });
    terminal.keys("x\r");
    terminal.wait_for("`x` means nothing here");
    terminal.keys("99\r");
    terminal.wait_for("As the lab says.");
    assert_eq!(terminal.end(), 0);
    assert!(
        !terminal.seen().contains("\u{1b}[?1049h"),
        "no screen is borrowed"
    );
}

/// Where the window is narrow from the start, the linear form stands in, and a key alone does nothing.
#[test]
fn in_forty_columns_the_prompt_says_that_a_key_needs_enter() {
    let mut terminal = start(&["--run", "leftover"], 40, 24);
    terminal.wait_for("(1 of 13; Enter; b+Enter, q+Enter)");
    terminal.keys("q\r");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn without_a_terminal_it_says_what_would_help() {
    let Done { code, err, .. } = done(&mut lab(&["3", "--step"]));
    assert_eq!(code, 2);
    assert!(err.contains("leave --step out"), "{err}");
}
