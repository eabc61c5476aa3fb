//! The loop that gathers one message, right or wrong: what each read asks for, and what is
//! counted.

use std::io;

use super::Actor;
use crate::event::{Action, Taken, UNFINISHED};
use crate::lab::file::{Ask, AtEnd, Counting, RecvLoop, Until};

/// The arithmetic of a loop, after the rules of its step.
struct Tally {
    rules: RecvLoop,
    so_far: Taken,
}

/// Whether a loop goes on.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// With a read that asks for so many bytes.
    Read(usize),
    /// It is over.
    Done,
    /// It is over: the stream ended, and the loop knows.
    Ended,
}

impl Tally {
    fn new(rules: RecvLoop, wanted: u64) -> Self {
        Self {
            rules,
            so_far: Taken {
                wanted,
                ..Taken::default()
            },
        }
    }

    /// The first read, if one is needed at all.
    fn first(&self) -> Next {
        let lacks = self.so_far.wanted.saturating_sub(self.so_far.counted);
        if lacks == 0 {
            return Next::Done;
        }
        let size = self.rules.size.0;
        Next::Read(match self.rules.ask {
            Ask::Size => size,
            Ask::Rest => usize::try_from(lacks).map_or(size, |lacks| lacks.min(size)),
        })
    }

    /// What comes after a read that returned so many bytes.
    fn after(&mut self, returned: u64) -> Next {
        let Taken {
            counted,
            has,
            empty,
            ..
        } = &mut self.so_far;
        *has += returned;
        *counted = counted.saturating_add(match self.rules.count {
            Counting::EachRead => returned,
            Counting::AllSoFar => *has,
        });
        if returned == 0 {
            *empty += 1;
            match self.rules.at_end {
                AtEnd::Stop => return Next::Ended,
                AtEnd::GoOnFor(most) if *empty >= most.0 => return Next::Done,
                AtEnd::GoOnFor(_) => {}
            }
        }
        if self.rules.once {
            return Next::Done;
        }
        self.first()
    }
}

impl Actor {
    /// Reads one message as the step says; what the program took for it is recorded at the end.
    pub(super) fn recv_loop(&mut self, rules: RecvLoop) -> io::Result<()> {
        let wanted = match rules.until {
            Until::Bytes(n) => n,
            // No loop runs for a number below zero.
            Until::Announced => u64::try_from(self.parsed.number).unwrap_or(0),
        };
        let mut tally = Tally::new(rules, wanted);
        let mut message = Vec::new();
        let mut next = tally.first();
        while let Next::Read(size) = next {
            let returned = self.read_into(size, &mut message)?;
            next = tally.after(returned as u64);
        }
        self.parsed.take(message);
        let taken = match next {
            Next::Ended => Err(UNFINISHED),
            _ => Ok(()),
        };
        self.ctx.note(Action::Loop(tally.so_far), taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a loop over a stream; a read gets what it asks for, at most `pieces` bytes, and
    /// nothing once the stream is over. Returns what each read asked for, and what was taken.
    fn gather(rules: &str, wanted: u64, stream: u64, pieces: u64) -> (Vec<usize>, Taken, Next) {
        let rules = format!(r#"{{"size": 1024, "until": "announced"{rules}}}"#);
        let mut tally = Tally::new(serde_json::from_str(&rules).unwrap(), wanted);
        let (mut asked, mut left) = (Vec::new(), stream);
        let mut next = tally.first();
        while let Next::Read(size) = next {
            asked.push(size);
            let returned = left.min(pieces).min(size as u64);
            left -= returned;
            next = tally.after(returned);
        }
        (asked, tally.so_far, next)
    }

    fn taken(wanted: u64, counted: u64, has: u64, empty: u64) -> Taken {
        Taken {
            wanted,
            counted,
            has,
            empty,
        }
    }

    /// The numbers are those of Python programs, measured.
    #[test]
    fn each_mistake_takes_what_it_takes_in_python() {
        let all = u64::MAX;
        let by_size = r#","ask":"size""#;
        let all_so_far = r#","ask":"size","count":"all_so_far""#;
        let go_on = r#","at_end":{"go_on_for":3}"#;
        for (rules, wanted, stream, pieces, asks, result) in [
            ("", 1500, 3008, all, &[1024, 476][..], (1500, 1500, 0)),
            ("", 4, 3008, 2, &[4, 2], (4, 4, 0)),
            (r#","once":true"#, 4, 3008, 2, &[4], (2, 2, 0)),
            (by_size, 1500, 3008, all, &[1024; 2], (2048, 2048, 0)),
            (all_so_far, 5000, 6000, all, &[1024; 3], (6144, 3072, 0)),
            (go_on, 10, 5, all, &[10, 5, 5, 5], (5, 5, 3)),
            ("", 0, 5, all, &[], (0, 0, 0)),
        ] {
            let (asked, so_far, next) = gather(rules, wanted, stream, pieces);
            let (counted, has, empty) = result;
            assert_eq!(asked, asks, "{rules}");
            assert_eq!(so_far, taken(wanted, counted, has, empty), "{rules}");
            assert_eq!(next, Next::Done, "{rules}");
        }
    }

    #[test]
    fn the_right_loop_notices_the_end_of_the_stream() {
        let (asked, so_far, next) = gather("", 10, 5, 100);
        assert_eq!((asked, next), (vec![10, 5], Next::Ended));
        assert_eq!(so_far, taken(10, 5, 5, 1));
    }

    #[test]
    fn an_announced_size_beyond_memory_asks_for_no_more_than_a_buffer() {
        let (asked, ..) = gather(r#","once":true"#, u64::MAX, 5, 100);
        assert_eq!(asked, [1024]);
    }
}
