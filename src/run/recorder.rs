//! The recorder: every socket call goes through it, and each is stamped at call and at return.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::event::{Action, Event, SenderState, Side};

/// An event with the stamps that it is ordered by.
pub(super) struct Stamped {
    side: Side,
    call_ns: u64,
    return_ns: u64,
    action: Action,
    kernel: Option<SenderState>,
    error: Option<String>,
}

/// One side's record of a run. The side writes it; the main thread reads it when the run is over,
/// or when it has to be cut short.
pub(super) struct Recorder {
    pub(super) side: Side,
    start: Instant,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    done: Vec<Stamped>,
    /// The call under way: what a report of who waited for what is made of.
    current: Option<(u64, Action)>,
    /// Set when the record was taken away: a thread that comes back late writes nothing more.
    closed: bool,
}

fn nanoseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

impl Recorder {
    pub(super) fn new(side: Side, start: Instant) -> Self {
        Self {
            side,
            start,
            log: Mutex::default(),
        }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // Each change to the log is a single push or swap, so it is whole even after a panic.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stamps the call, makes it, stamps its return. `finish` puts into the action what came
    /// back; `ask` then asks the kernel, after the stamp, so that asking costs the call nothing.
    pub(super) fn call<T>(
        &self,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &T),
        ask: impl FnOnce() -> Option<SenderState>,
        name_error: impl FnOnce(&io::Error) -> String,
    ) -> io::Result<T> {
        let call_ns = {
            let mut log = self.log();
            let now = nanoseconds(self.start);
            log.current = Some((now, action));
            now
        };
        let result = make();
        let return_ns = nanoseconds(self.start);
        let kernel = ask();
        let mut log = self.log();
        if let Some((_, mut action)) = log.current.take()
            && !log.closed
        {
            if let Ok(value) = &result {
                finish(&mut action, value);
            }
            let error = result.as_ref().err().map(name_error);
            log.done.push(Stamped {
                side: self.side,
                call_ns,
                return_ns,
                action,
                kernel,
                error,
            });
        }
        result
    }

    /// Takes the record away. A call still under way is in it, with `unfinished` as its error.
    pub(super) fn take(&self, unfinished: &str) -> Vec<Stamped> {
        let mut log = self.log();
        log.closed = true;
        let mut events = std::mem::take(&mut log.done);
        if let Some((call_ns, action)) = log.current.take() {
            events.push(Stamped {
                side: self.side,
                call_ns,
                return_ns: nanoseconds(self.start),
                action,
                kernel: None,
                error: Some(unfinished.into()),
            });
        }
        events
    }
}

impl Stamped {
    /// The time from which the call counts: what a write does can be seen from its call on, what
    /// a read saw was there by its return.
    fn effect_ns(&self) -> u64 {
        match self.action {
            Action::Accept { .. }
            | Action::Recv(_)
            | Action::Recvfrom(_)
            | Action::Await { .. }
            | Action::Pause { .. } => self.return_ns,
            _ => self.call_ns,
        }
    }
}

/// Puts the records of both sides into one order.
pub(super) fn merge(records: [Vec<Stamped>; 2]) -> Vec<Event> {
    let mut all: Vec<Stamped> = records.into_iter().flatten().collect();
    // The sort is stable, and each side's own calls follow one another, so no side's order changes.
    all.sort_by_key(Stamped::effect_ns);
    (0..)
        .zip(all)
        .map(|(seq, event)| Event {
            seq,
            side: event.side,
            call_us: event.call_ns / 1000,
            return_us: event.return_ns / 1000,
            action: event.action,
            kernel: event.kernel,
            error: event.error,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Bytes, INTERRUPTED, Label, Read, Write};

    fn stamped(side: Side, call_ns: u64, return_ns: u64, action: Action) -> Stamped {
        Stamped {
            side,
            call_ns,
            return_ns,
            action,
            kernel: None,
            error: None,
        }
    }

    #[test]
    fn a_read_never_stands_before_the_write_that_it_returned() {
        let write = Action::Send(Write {
            message: Label {
                side: Side::Client,
                index: 0,
            },
            asked: 1,
            returned: Some(1),
            hex: Bytes(b"x".into()),
            layout: Vec::new(),
        });
        let read = Action::Recv(Read {
            asked: 1,
            returned: Some(1),
            hex: Bytes(b"x".into()),
            left: None,
            truncated: None,
            dropped: None,
            decoder: None,
        });
        // The read was waiting long before, and came back before the write's return was stamped.
        let events = merge([
            vec![stamped(Side::Client, 2_000, 9_000, write.clone())],
            vec![stamped(Side::Server, 1_000, 7_000, read)],
        ]);
        assert_eq!(events[0].action, write);
        assert_eq!(
            (events[1].call_us, events[1].return_us, events[1].seq),
            (1, 7, 1)
        );
    }

    #[test]
    fn a_call_under_way_is_in_the_record_and_comes_back_to_nothing() {
        let recorder = Recorder::new(Side::Client, Instant::now());
        let mut taken = Vec::new();
        let result = recorder.call(
            Action::Close,
            || {
                taken = recorder.take(INTERRUPTED);
                Ok(())
            },
            |_, ()| (),
            || None,
            |_| String::new(),
        );
        assert!(result.is_ok());
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].error.as_deref(), Some(INTERRUPTED));
        assert!(recorder.take(INTERRUPTED).is_empty());
    }
}
