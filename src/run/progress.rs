//! How far a file transfer is, told while it goes on to whoever wants to draw it.

/// How far a file has been received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Its name, as its header has it: not yet fit for a terminal.
    pub name: &'a str,
    /// How many bytes of its content are there.
    pub have: u64,
    /// How many it has.
    pub need: u64,
}

/// Listens to transfers, on the thread of the side that receives; so it must not take long.
pub trait Observer: Send + Sync {
    /// A file is so far.
    fn progress(&self, _progress: Progress<'_>) {}
    /// No more comes of it, whole or not.
    fn ended(&self) {}
}

/// Nobody listens.
pub(super) struct Nobody;

impl Observer for Nobody {}
