//! The wire that a run goes over: a network of the program's own, where every packet can be seen.
//!
//! An ordinary user may have one (user and network namespaces); where that is forbidden, whoever
//! may capture packets watches the host's loopback instead, filtered to the run's own port.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "other.rs"]
mod system;

#[cfg(target_os = "linux")]
mod forbidden;
#[cfg(target_os = "linux")]
mod outlive;
#[cfg(target_os = "linux")]
mod ring;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::event::{Capture, Mtu, Packet};
use crate::run::began::Began;
use crate::wire::{Follower, Frame, decode};

/// Why there is no capture, and how there would be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// What forbids it.
    pub what: String,
    /// How to allow it.
    pub help: String,
    /// Whether the attempt has left this process without any network.
    pub stranded: bool,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.help)
    }
}

impl std::error::Error for Forbidden {}

/// How much of each packet is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The headers: all that a picture needs.
    Headers,
    /// All of it: what a file for Wireshark needs.
    All,
}

/// A wire under watch.
pub struct Wire {
    system: Mutex<system::Tap>,
    private: bool,
    /// The MTU of every run, if one was asked for.
    mtu: Option<Mtu>,
    keep: Keep,
    frames: Mutex<Vec<Frame>>,
}

/// How long the packets that close a connection may take after both programs have ended.
const LAST_PACKETS: Duration = Duration::from_millis(100);

impl Wire {
    /// Moves this process into a network of its own, or finds the host's loopback to watch.
    ///
    /// Must be called before any other thread is started: a process with several cannot move.
    /// `mtu` is what every run gets, whatever it names; `largest` is the largest of them.
    ///
    /// # Errors
    /// Where neither is allowed: names what forbids it.
    pub fn open(mtu: Option<Mtu>, largest: Mtu, keep: Keep) -> Result<Self, Forbidden> {
        let (tap, private) = system::open(largest, keep)?;
        Ok(Self {
            system: Mutex::new(tap),
            private,
            mtu,
            keep,
            frames: Mutex::default(),
        })
    }

    /// Whether this is a network of the program's own.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// The frames of the run that was watched last, one for each of its packets; none where only
    /// headers are kept.
    pub fn take_frames(&self) -> Vec<Frame> {
        std::mem::take(&mut self.frames.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tap(&self) -> std::sync::MutexGuard<'_, system::Tap> {
        // What a panic could leave behind is a ring read half way, which is no harm.
        self.system.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the network what the next run needs; `own` is what that names.
    pub(super) fn shape(&self, own: Option<Mtu>) -> io::Result<Mtu> {
        self.tap().shape(self.mtu.or(own).unwrap_or(Mtu::USUAL))
    }

    /// Watches what goes to and from this port from now on, for the run that began at `start`.
    pub(super) fn watch(
        self: &Arc<Self>,
        port: u16,
        start: Instant,
        mtu: Mtu,
    ) -> io::Result<Watched> {
        self.tap().watch(port)?;
        Ok(Watched {
            wire: self.clone(),
            began: Began::at(start),
            port,
            mtu,
        })
    }
}

/// A run whose wire is watched.
pub(super) struct Watched {
    wire: Arc<Wire>,
    began: Began,
    port: u16,
    mtu: Mtu,
}

impl Watched {
    /// Takes what was captured since, as packets of the run. If it came to its end, the last
    /// packets of its connections are waited for. `conn` says whose port it is at a client's end.
    pub(super) fn take(
        self,
        ended: bool,
        conn: impl Fn(u16) -> Option<u32>,
    ) -> (Capture, Vec<Packet>) {
        let wire = self.wire;
        let mut tap = wire.tap();
        let mut follow = Follower::new(self.port);
        let (mut packets, mut frames) = (Vec::new(), Vec::new());
        let until = Instant::now() + LAST_PACKETS;
        loop {
            tap.drain(|at, bytes, on_wire, segment| {
                let Some(headers) = decode(bytes, on_wire) else {
                    return;
                };
                let at_us = self.began.microseconds(at);
                if let Some((port, mut packet)) = follow.packet(at_us, &headers)
                    && let Some(conn) = conn(port)
                {
                    (packet.conn, packet.segment) = (conn, segment);
                    packets.push(packet);
                    if wire.keep == Keep::All {
                        frames.push(Frame {
                            at,
                            bytes: bytes.into(),
                            on_wire,
                        });
                    }
                }
            });
            let left = until.saturating_duration_since(Instant::now());
            if !ended || follow.all_over() || left.is_zero() || tap.wait(left).is_err() {
                break;
            }
        }
        let capture = Capture {
            mtu: self.mtu.0.into(),
            private: wire.private,
            tells_segments: tap.tells_segments(),
            dropped: tap.dropped(),
        };
        *wire.frames.lock().unwrap_or_else(PoisonError::into_inner) = frames;
        (capture, packets)
    }
}
