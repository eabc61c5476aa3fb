//! Systems without private networks: there is no wire to watch, and it is said.

use std::io;
use std::time::Duration;

use super::{Forbidden, Keep};
use crate::event::Mtu;

/// There is none.
pub(super) enum Tap {}

pub(super) fn open(_largest: Mtu, _keep: Keep) -> Result<(Tap, bool), Forbidden> {
    Err(Forbidden {
        what: format!(
            "{} lets no program have a network of its own to watch",
            std::env::consts::OS
        ),
        help: "on Linux it works without privileges".into(),
        stranded: false,
    })
}

impl Tap {
    pub(super) fn shape(&mut self, _mtu: Mtu) -> io::Result<Mtu> {
        match *self {}
    }

    pub(super) fn watch(&mut self, _port: u16) -> io::Result<()> {
        match *self {}
    }

    pub(super) fn drain(&mut self, _each: impl FnMut(Duration, &[u8], usize, Option<u64>)) {
        match *self {}
    }

    pub(super) fn tells_segments(&self) -> bool {
        match *self {}
    }

    pub(super) fn wait(&mut self, _most: Duration) -> io::Result<()> {
        match *self {}
    }

    pub(super) fn dropped(&mut self) -> u64 {
        match *self {}
    }
}
