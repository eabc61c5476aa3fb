//! The program at a real terminal: keys in, screen out.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::shell;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// A watch dog against a hang; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program has written so far: the screen, and all of it.
struct Shown {
    screen: vt100::Parser,
    all: Vec<u8>,
    over: bool,
}

/// Asks a terminal whether its mode has changed.
#[cfg(unix)]
type Changed = Box<dyn Fn(&dyn MasterPty) -> bool>;

/// A terminal with the program in it.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Whether the terminal is in another mode now than it was at first: raw, or without echo.
    #[cfg(unix)]
    changed: Changed,
    shown: Arc<(Mutex<Shown>, Condvar)>,
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a terminal has some")
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Terminal {
    pub(crate) fn start(args: &[&str], columns: u16, rows: u16) -> Self {
        Self::start_with(args, &[], columns, rows)
    }

    pub(crate) fn start_with(args: &[&str], env: &[(&str, &str)], columns: u16, rows: u16) -> Self {
        Self::start_program(shell::PROGRAM, args, env, columns, rows)
    }

    pub(crate) fn start_program(
        program: &str,
        args: &[&str],
        env: &[(&str, &str)],
        columns: u16,
        rows: u16,
    ) -> Self {
        let pty = native_pty_system()
            .openpty(size(columns, rows))
            .expect("a pseudo-terminal");
        #[cfg(unix)]
        let changed = {
            let before = pty.master.get_termios();
            Box::new(move |master: &dyn MasterPty| master.get_termios() != before)
        };
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        for (name, value) in shell::ENVIRONMENT {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        command.env("TERM", "xterm-256color");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pty
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pty.slave);
        let mut output = pty.master.try_clone_reader().expect("its output");
        let keys = pty.master.take_writer().expect("its input");
        let shown = Arc::new((
            Mutex::new(Shown {
                screen: vt100::Parser::new(cells(rows), cells(columns), 0),
                all: Vec::new(),
                over: false,
            }),
            Condvar::new(),
        ));
        let writer = shown.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = output.read(&mut buffer).unwrap_or(0);
                let mut shown = writer.0.lock().expect("no panic");
                shown.screen.process(&buffer[..read]);
                shown.all.extend_from_slice(&buffer[..read]);
                shown.over = read == 0;
                writer.1.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        Self {
            master: pty.master,
            keys,
            child,
            #[cfg(unix)]
            changed,
            shown,
        }
    }

    /// Sends the program a signal, as somebody does from another terminal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        shell::signal(self.child.process_id().expect("it runs"), name);
    }

    /// Waits until the program is stopped, as proc(5) says it.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait_until_stopped(&self) {
        let until = Instant::now() + PATIENCE;
        let path = format!("/proc/{}/stat", self.child.process_id().expect("it runs"));
        loop {
            let stat = std::fs::read_to_string(&path).expect("it is there");
            if stat
                .rsplit(") ")
                .next()
                .is_some_and(|state| state.starts_with('T'))
            {
                return;
            }
            assert!(Instant::now() < until, "it goes on");
            std::thread::yield_now();
        }
    }

    /// Whether the terminal is in another mode now than it was at first.
    #[cfg(unix)]
    pub(crate) fn is_changed(&self) -> bool {
        (self.changed)(&*self.master)
    }

    pub(crate) fn keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
        self.keys.flush().expect("typed");
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let mut shown = self.shown.0.lock().expect("no panic");
        shown
            .screen
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        drop(shown);
        self.master.resize(size(columns, rows)).expect("resized");
    }

    /// Waits until this is so of the screen.
    pub(crate) fn wait_until(&self, what: &str, so: impl Fn(&vt100::Screen) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().expect("no panic");
        while !so(shown.screen.screen()) {
            assert!(
                !shown.over && Instant::now() < until,
                "{what} is not on the screen:\n{}",
                shown.screen.screen().contents()
            );
            shown = self
                .shown
                .1
                .wait_timeout(shown, Duration::from_secs(1))
                .expect("no panic")
                .0;
        }
    }

    /// Waits until the screen says this.
    pub(crate) fn wait_for(&self, words: &str) {
        self.wait_until(words, |screen| screen.contents().contains(words));
    }

    /// Whether the whole screen is borrowed.
    pub(crate) fn wait_alternate(&self) -> bool {
        self.wait_until("a screen of its own", vt100::Screen::alternate_screen);
        true
    }

    /// What is on the screen now.
    pub(crate) fn screen(&self) -> String {
        let shown = self.shown.0.lock().expect("no panic");
        shown.screen.screen().contents()
    }

    /// All that was ever written.
    pub(crate) fn seen(&self) -> String {
        let shown = self.shown.0.lock().expect("no panic");
        String::from_utf8_lossy(&shown.all).into_owned()
    }

    /// Waits for the program's end; its exit code.
    pub(crate) fn end(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().expect("no panic");
        while !shown.over {
            assert!(
                Instant::now() < until,
                "it goes on: {}",
                shown.screen.screen().contents()
            );
            shown = self
                .shown
                .1
                .wait_timeout(shown, Duration::from_secs(1))
                .expect("no panic")
                .0;
        }
        let screen = shown.screen.screen();
        assert!(!screen.alternate_screen(), "the terminal is as it was");
        assert!(!screen.hide_cursor(), "the cursor is back");
        drop(shown);
        #[cfg(unix)]
        assert!(!self.is_changed(), "lines and echo are back");
        self.child.wait().expect("it ended").exit_code()
    }
}
