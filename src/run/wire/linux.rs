//! Linux: namespaces for an ordinary user's own network, and a packet socket on its loopback.
#![allow(
    unsafe_code,
    reason = "the device is configured by ioctls that no crate without an async runtime wraps"
)]

use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::errno::Errno;
use nix::net::if_::if_nametoindex;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getegid, geteuid};
use socket2::Socket;

use super::ring::Ring;
use super::{Forbidden, Keep, forbidden};
use crate::event::Mtu;

/// Loopback under watch.
pub(super) struct Tap {
    ring: Ring,
    device: u32,
    /// The MTU that the device has; `None` on the host's, which is left as it is.
    own: Option<Mtu>,
}

/// Headers: Ethernet's, one VLAN tag's, IPv6's and the longest that TCP can have.
const HEADERS: usize = 14 + 4 + 40 + 60;
/// Room for 32,768 packets of which only the headers are kept, and for as many bytes as the
/// largest labs send.
const ROOM_FOR_HEADERS: usize = 8 << 20;
const ROOM_FOR_ALL: usize = 32 << 20;

pub(super) fn open(largest: Mtu, keep: Keep) -> Result<(Tap, bool), Forbidden> {
    let (refusal, gone) = match move_out() {
        Ok(()) => (None, true),
        Err((error, gone)) => (Some(error), gone),
    };
    let private = refusal.is_none();
    let refuse = |error: &io::Error| Forbidden {
        stranded: gone,
        ..forbidden::explain(refusal.as_ref().unwrap_or(error))
    };
    if let Some(error) = refusal.as_ref().filter(|_| gone) {
        return Err(refuse(error));
    }
    let largest = if private { largest } else { Mtu::LOOPBACK };
    let (kept, room) = match keep {
        Keep::Headers => (HEADERS, ROOM_FOR_HEADERS),
        // The MTU leaves Ethernet's header out.
        Keep::All => (HEADERS + largest.0 as usize, ROOM_FOR_ALL),
    };
    let ring = Ring::open(kept, room).map_err(|error| refuse(&error))?;
    let device = if_nametoindex("lo").map_err(|error| refuse(&error.into()))?;
    if private {
        bring_up(ring.socket()).map_err(|error| refuse(&error))?;
    }
    let own = private.then_some(Mtu::LOOPBACK);
    Ok((Tap { ring, device, own }, private))
}

/// Moves this process into a network of its own. An error says whether it is gone from the host's
/// all the same.
fn move_out() -> Result<(), (io::Error, bool)> {
    let still_here = |error: nix::Error| (error.into(), false);
    let gone = |error| (error, true);
    if geteuid().is_root() {
        // Root needs no user namespace. In a container it may lack the right to this and have that
        // to the other.
        let moved = unshare(CloneFlags::CLONE_NEWNET).map_err(still_here);
        if moved.is_ok() || !forbidden::may_map_root() {
            return moved;
        }
    } else if forbidden::is_a_trap() {
        return Err(still_here(nix::Error::EPERM));
    }
    // The user stays who they are, so that files belong to whom they did; in this namespace they
    // have the rights of a network's owner.
    let (user, group) = (geteuid(), getegid());
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET).map_err(still_here)?;
    // A group may be mapped only once setgroups(2) is given up (user_namespaces(7)).
    fs::write("/proc/self/setgroups", "deny").map_err(gone)?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1")).map_err(gone)?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1")).map_err(gone)
}

impl Tap {
    pub(super) fn shape(&mut self, mtu: Mtu) -> io::Result<Mtu> {
        match &mut self.own {
            None => Ok(Mtu::LOOPBACK),
            Some(now) => {
                if *now != mtu {
                    set_mtu(self.ring.socket(), mtu)?;
                    *now = mtu;
                }
                Ok(mtu)
            }
        }
    }

    pub(super) fn watch(&mut self, port: u16) -> io::Result<()> {
        self.ring.watch(self.device, port)
    }

    pub(super) fn drain(&mut self, each: impl FnMut(Duration, &[u8], usize, Option<u64>)) {
        self.ring.drain(each);
    }

    pub(super) fn tells_segments(&self) -> bool {
        self.ring.tells_segments()
    }

    pub(super) fn wait(&mut self, most: Duration) -> io::Result<()> {
        self.ring.wait(most)
    }

    pub(super) fn dropped(&mut self) -> u64 {
        self.ring.dropped()
    }
}

/// Brings loopback up, with every segment a packet of its own: the stack is to cut them itself,
/// before they are seen.
fn bring_up(socket: &Socket) -> io::Result<()> {
    for offload in [ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO] {
        let mut off = EthtoolValue {
            cmd: offload,
            data: 0,
        };
        configure(socket, SIOCETHTOOL, |request| {
            request.ifr_ifru.ifru_data = (&raw mut off).cast();
        })?;
    }
    configure(socket, SIOCSIFFLAGS, |request| {
        #[allow(clippy::cast_possible_truncation, reason = "two low bits")]
        let flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
        request.ifr_ifru.ifru_flags = flags;
    })
}

fn set_mtu(socket: &Socket, mtu: Mtu) -> io::Result<()> {
    let mtu = libc::c_int::try_from(mtu.0).map_err(io::Error::other)?;
    configure(socket, SIOCSIFMTU, |request| {
        request.ifr_ifru.ifru_mtu = mtu;
    })
}

/// Of <linux/sockios.h> and <linux/ethtool.h>.
const SIOCSIFFLAGS: libc::Ioctl = 0x8914;
const SIOCSIFMTU: libc::Ioctl = 0x8922;
const SIOCETHTOOL: libc::Ioctl = 0x8946;
const ETHTOOL_STSO: u32 = 0x1f;
const ETHTOOL_SGSO: u32 = 0x24;
const ETHTOOL_SGRO: u32 = 0x2c;

/// `struct ethtool_value`.
#[repr(C)]
struct EthtoolValue {
    cmd: u32,
    data: u32,
}

/// Asks something of loopback (netdevice(7)).
fn configure(
    socket: &Socket,
    what: libc::Ioctl,
    fill: impl FnOnce(&mut libc::ifreq),
) -> io::Result<()> {
    // SAFETY: ifreq is plain data for which all zeros is a valid value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = from.cast_signed() as libc::c_char;
    }
    fill(&mut request);
    // SAFETY: the request is a whole ifreq that outlives the call; where its union holds a
    // pointer, that is to a live `EthtoolValue`, as SIOCETHTOOL with these commands wants it.
    Errno::result(unsafe { libc::ioctl(socket.as_raw_fd(), what, &raw mut request) })?;
    Ok(())
}
