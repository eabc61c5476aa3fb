//! The threads that actors act on. They stay from one run to the next: starting a thread takes
//! longer than all that most runs do.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

/// What a thread is given to do.
type Part = Box<dyn FnOnce() + Send>;

/// Named threads, one for each part of a run.
#[derive(Default)]
pub(super) struct Workers(Vec<Thread>);

struct Thread {
    name: String,
    parts: Sender<Part>,
    /// Whether it has a part that it has not ended: a call may keep it beyond its run.
    busy: Arc<AtomicBool>,
}

impl Workers {
    /// Has a thread of this name ready.
    pub(super) fn ready(&mut self, name: &str) -> io::Result<()> {
        self.thread(name).map(drop)
    }

    /// Gives a part to the thread of this name, and what tells of its end: whoever hears that
    /// finds the thread free.
    pub(super) fn give(
        &mut self,
        name: &str,
        part: impl FnOnce() + Send + 'static,
        over: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let thread = self.thread(name)?;
        let busy = thread.busy.clone();
        busy.store(true, Ordering::Release);
        let part = move || {
            part();
            busy.store(false, Ordering::Release);
            over();
        };
        // A thread that is not busy is waiting for its next part.
        thread
            .parts
            .send(Box::new(part))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// The idle thread of this name. One that is still busy with a run that is over is left to
    /// itself; another takes its place.
    fn thread(&mut self, name: &str) -> io::Result<&Thread> {
        let place = self.0.iter().position(|thread| thread.name == name);
        match place {
            Some(i) if self.0[i].busy.load(Ordering::Acquire) => self.0[i] = Thread::start(name)?,
            Some(_) => {}
            None => self.0.push(Thread::start(name)?),
        }
        Ok(&self.0[place.unwrap_or(self.0.len() - 1)])
    }
}

impl Thread {
    fn start(name: &str) -> io::Result<Self> {
        let (parts, given) = mpsc::channel::<Part>();
        thread::Builder::new().name(name.into()).spawn(move || {
            for part in given {
                part();
            }
        })?;
        Ok(Self {
            name: name.into(),
            parts,
            busy: Arc::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The thread that takes a part of this name, once that is over.
    fn taken_by(workers: &mut Workers, name: &str) -> thread::ThreadId {
        let (tell, told) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let part = move || assert_eq!(tell.send(thread::current().id()), Ok(()));
        workers.give(name, part, move || drop(end)).unwrap();
        assert!(ended.recv().is_err(), "nothing is sent");
        told.recv().unwrap()
    }

    #[test]
    fn a_thread_takes_one_part_after_the_other_and_a_busy_one_is_replaced() {
        let mut workers = Workers::default();
        let first = taken_by(&mut workers, "a");
        assert_eq!(taken_by(&mut workers, "a"), first);
        assert_ne!(taken_by(&mut workers, "b"), first);

        let (end, wait) = mpsc::channel::<()>();
        workers
            .give("a", move || assert!(wait.recv().is_err()), || ())
            .unwrap();
        assert_ne!(taken_by(&mut workers, "a"), first, "it waits for `end`");
        drop(end);
    }
}
