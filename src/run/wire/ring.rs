//! A packet socket on loopback, whose packets the kernel writes into memory that it shares with
//! this program (packet(7), `PACKET_RX_RING`). Nothing has to be read while a run goes on, so
//! watching costs the run no time of this program's.
#![allow(
    unsafe_code,
    reason = "no crate wraps the ring: its memory, its options and its address"
)]

use std::io;
use std::mem;
use std::os::fd::{AsFd, AsRawFd};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libc::{c_int, c_void, socklen_t};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::{Domain, SockFilter, Socket, Type};

use super::outlive::{Outlived, outlive};

/// The frames of the ring lie in blocks of this size, or of one frame if that is larger.
const BLOCK: usize = 1 << 16;
/// The kernel puts a header, an address and a gap before each packet.
const OVERHEAD: usize = 128;

/// Of `<linux/if_packet.h>`: asks for a `struct virtio_net_hdr` right before each packet (Linux 4.6).
const PACKET_VNET_HDR: c_int = 15;
/// The size of that header, and where in it `gso_size` stands.
const VNET_HDR: usize = 10;
const GSO_SIZE: usize = 4;

/// A packet socket with its ring.
pub(super) struct Ring {
    socket: Socket,
    memory: *mut c_void,
    /// The size of a frame, how many there are, and which is the next to be read.
    frame: usize,
    frames: usize,
    next: usize,
    /// How much of a packet is kept.
    keep: u32,
    /// Whether the kernel says of each packet if it is several segments.
    tells_segments: bool,
    /// Goes after the socket. Without it the end takes longer, and that is all.
    _outlived: Option<Outlived>,
}

// SAFETY: the memory belongs to this value alone on this side; the kernel, on the other side,
// knows no threads of ours.
unsafe impl Send for Ring {}

impl Ring {
    /// Opens one that sees nothing yet. It keeps `keep` bytes of each packet, and has room for
    /// about `room` bytes.
    pub(super) fn open(keep: usize, room: usize) -> io::Result<Self> {
        // Protocol 0: until it is bound, no packet comes in.
        let socket = Socket::new(Domain::PACKET, Type::RAW, None)?;
        let outlived = outlive(&socket).ok();
        set(
            &socket,
            libc::PACKET_VERSION,
            &(libc::tpacket_versions::TPACKET_V2 as c_int),
        )?;
        // An old kernel refuses; then nobody knows of a packet how many segments it is.
        let tells_segments = set(&socket, PACKET_VNET_HDR, &(1 as c_int)).is_ok();
        let frame = (keep + OVERHEAD).next_power_of_two();
        let block = frame.max(BLOCK);
        let blocks = room.div_ceil(block).max(1);
        let frames = blocks * (block / frame);
        let size = |n: usize| libc::c_uint::try_from(n).map_err(io::Error::other);
        let request = libc::tpacket_req {
            tp_block_size: size(block)?,
            tp_block_nr: size(blocks)?,
            tp_frame_size: size(frame)?,
            tp_frame_nr: size(frames)?,
        };
        set(&socket, libc::PACKET_RX_RING, &request)?;
        // SAFETY: a new mapping of the ring, whose size is what the kernel was just asked for;
        // it lives until `drop` unmaps it.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                block * blocks,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                socket.as_raw_fd(),
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Self {
            socket,
            memory,
            frame,
            frames,
            next: 0,
            keep: u32::try_from(keep).map_err(io::Error::other)?,
            tells_segments,
            _outlived: outlived,
        })
    }

    /// The socket, for what is to be asked of the device.
    pub(super) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// Whether the kernel says of each packet if it is several segments.
    pub(super) fn tells_segments(&self) -> bool {
        self.tells_segments
    }

    /// Lets in what goes to or from this port on the device from now on, and nothing else.
    pub(super) fn watch(&mut self, device: u32, port: u16) -> io::Result<()> {
        self.socket.attach_filter(&filter(port, self.keep))?;
        // What came in through the filter before is of no interest any more.
        self.drain(|_, _, _, _| ());
        self.dropped();
        self.bind(device)
    }

    fn bind(&self, device: u32) -> io::Result<()> {
        let family = u16::try_from(libc::AF_PACKET).map_err(io::Error::other)?;
        let all = u16::try_from(libc::ETH_P_ALL).map_err(io::Error::other)?;
        let address = libc::sockaddr_ll {
            sll_family: family,
            sll_protocol: all.to_be(),
            sll_ifindex: c_int::try_from(device).map_err(io::Error::other)?,
            sll_hatype: 0,
            sll_pkttype: 0,
            sll_halen: 0,
            sll_addr: [0; 8],
        };
        // SAFETY: the address is a whole sockaddr_ll and its size is given.
        let bound = unsafe {
            libc::bind(
                self.socket.as_raw_fd(),
                (&raw const address).cast(),
                size_of_it::<libc::sockaddr_ll>(),
            )
        };
        Errno::result(bound)?;
        Ok(())
    }

    /// Hands over each packet that is there: when it was seen (since 1970), its bytes, its length
    /// on the wire, and, if it is several segments, how many bytes each of them carries.
    pub(super) fn drain(&mut self, mut each: impl FnMut(Duration, &[u8], usize, Option<u64>)) {
        loop {
            // SAFETY: `next` is below `frames`, so the frame lies inside the mapping; frames are
            // aligned to their size, which is a power of two above that of the header.
            let frame = unsafe { self.memory.byte_add(self.next * self.frame) };
            // SAFETY: the status is the first field, aligned as said; the kernel writes it too,
            // which is what an atomic is for.
            let status = unsafe { AtomicU32::from_ptr(frame.cast::<u32>()) };
            if status.load(Ordering::Acquire) & libc::TP_STATUS_USER == 0 {
                return;
            }
            // SAFETY: the frame is ours until its status is given back. The header is plain data.
            let header = unsafe { ptr::read(frame.cast::<libc::tpacket2_hdr>()) };
            let (start, len) = (usize::from(header.tp_mac), header.tp_snaplen as usize);
            if start + len <= self.frame {
                // SAFETY: inside the frame, as was just made sure of, and ours.
                let bytes =
                    unsafe { std::slice::from_raw_parts(frame.byte_add(start).cast::<u8>(), len) };
                let segment = self.tells_segments.then(|| {
                    // SAFETY: the kernel put the header that was asked for right before the packet,
                    // inside the frame; the field is read without alignment.
                    let size = unsafe {
                        let at = frame.byte_add(start - VNET_HDR + GSO_SIZE);
                        ptr::read_unaligned(at.cast::<u16>())
                    };
                    u64::from(size)
                });
                each(
                    Duration::new(header.tp_sec.into(), header.tp_nsec),
                    bytes,
                    header.tp_len as usize,
                    segment.filter(|size| *size > 0),
                );
            }
            status.store(libc::TP_STATUS_KERNEL, Ordering::Release);
            self.next = (self.next + 1) % self.frames;
        }
    }

    /// Waits for a packet, but not longer than this.
    pub(super) fn wait(&self, most: Duration) -> io::Result<()> {
        let milliseconds = u16::try_from(most.as_millis()).unwrap_or(u16::MAX);
        let mut polled = [PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)];
        poll(&mut polled, PollTimeout::from(milliseconds.max(1)))?;
        Ok(())
    }

    /// How many packets found no room since the last time this was asked.
    pub(super) fn dropped(&mut self) -> u64 {
        let mut stats = libc::tpacket_stats {
            tp_packets: 0,
            tp_drops: 0,
        };
        let mut len = size_of_it::<libc::tpacket_stats>();
        // SAFETY: `stats` is writable for the `len` bytes that are announced.
        let asked = unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                (&raw mut stats).cast::<c_void>(),
                &raw mut len,
            )
        };
        if asked == 0 { stats.tp_drops.into() } else { 0 }
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: the mapping that `open` made, with its size; nothing borrows from it.
        unsafe { libc::munmap(self.memory, self.frame * self.frames) };
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a few bytes")]
const fn size_of_it<T>() -> socklen_t {
    mem::size_of::<T>() as socklen_t
}

fn set<T: Copy>(socket: &Socket, option: c_int, value: &T) -> io::Result<()> {
    // SAFETY: the value is live plain data, and its size is given.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            option,
            ptr::from_ref(value).cast::<c_void>(),
            size_of_it::<T>(),
        )
    };
    Errno::result(done)?;
    Ok(())
}

/// A program for the kernel (bpf(4)): TCP and UDP over IPv4 and IPv6 to or from this port, the
/// first `keep` bytes. Loopback shows each packet twice, going out and coming in; the second is
/// let in.
fn filter(port: u16, keep: u32) -> Vec<SockFilter> {
    const LD_W: u32 = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    const LD_H: u32 = libc::BPF_LD | libc::BPF_H | libc::BPF_ABS;
    const LD_B: u32 = libc::BPF_LD | libc::BPF_B | libc::BPF_ABS;
    const LD_H_AT_X: u32 = libc::BPF_LD | libc::BPF_H | libc::BPF_IND;
    const HEADER_LEN_TO_X: u32 = libc::BPF_LDX | libc::BPF_B | libc::BPF_MSH;
    const EQUAL: u32 = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
    const ANY_BIT: u32 = libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K;
    const RETURN: u32 = libc::BPF_RET | libc::BPF_K;
    const OUTGOING: u32 = libc::PACKET_OUTGOING as u32;
    const KIND: u32 = (libc::SKF_AD_OFF + libc::SKF_AD_PKTTYPE).cast_unsigned();
    const TCP: u32 = 6;
    const UDP: u32 = 17;
    const ACCEPT: usize = 22;
    const REJECT: usize = 23;
    let port = u32::from(port);
    // Each line: what to do, with what, and after a test the lines to go on at, if so and if not.
    let lines: [(u32, u32, [usize; 2]); 24] = [
        (LD_W, KIND, [1, 1]),
        (EQUAL, OUTGOING, [REJECT, 2]),
        (LD_H, 12, [3, 3]),
        (EQUAL, 0x86dd, [15, 4]),
        (EQUAL, 0x0800, [5, REJECT]),
        // IPv4: the protocol, no later fragment (it has no ports), the ports behind the header.
        (LD_B, 23, [6, 6]),
        (EQUAL, TCP, [8, 7]),
        (EQUAL, UDP, [8, REJECT]),
        (LD_H, 20, [9, 9]),
        (ANY_BIT, 0x1fff, [REJECT, 10]),
        (HEADER_LEN_TO_X, 14, [11, 11]),
        (LD_H_AT_X, 14, [12, 12]),
        (EQUAL, port, [ACCEPT, 13]),
        (LD_H_AT_X, 16, [14, 14]),
        (EQUAL, port, [ACCEPT, REJECT]),
        // IPv6: the same, behind a header of fixed length.
        (LD_B, 20, [16, 16]),
        (EQUAL, TCP, [18, 17]),
        (EQUAL, UDP, [18, REJECT]),
        (LD_H, 54, [19, 19]),
        (EQUAL, port, [ACCEPT, 20]),
        (LD_H, 56, [21, 21]),
        (EQUAL, port, [ACCEPT, REJECT]),
        (RETURN, keep, [23, 23]),
        (RETURN, 0, [24, 24]),
    ];
    lines
        .into_iter()
        .enumerate()
        .map(|(i, (code, k, go_on))| {
            let [yes, no] = go_on.map(|at| u8::try_from(at - i - 1).expect("below 24"));
            SockFilter::new(u16::try_from(code).expect("a byte"), yes, no, k)
        })
        .collect()
}
