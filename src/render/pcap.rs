//! Captured packets as a pcapng file, which Wireshark opens: each run an interface, each packet
//! with a comment that says whose bytes it carries.

use std::borrow::Cow;
use std::io::{self, Write};

use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::{PcapNgBlock, PcapNgWriter};
use pcap_file::{DataLink, Endianness, PcapError};

use super::safe;
use crate::event::{Label, Packet, RunTrace};
use crate::report::{Direction, Flow, Kind, PacketNote, Ranges, Report};
use crate::wire::Frame;

/// A file that packets are written to.
pub struct Pcap<W: Write> {
    to: PcapNgWriter<W>,
    interfaces: u32,
}

fn io_error(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        other => io::Error::other(other),
    }
}

impl<W: Write> Pcap<W> {
    /// Begins one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(to: W) -> io::Result<Self> {
        let program = format!("sticky-lab {}", env!("CARGO_PKG_VERSION"));
        let section = SectionHeaderBlock {
            endianness: Endianness::native(),
            options: vec![SectionHeaderOption::UserApplication(Cow::Owned(program))],
            ..SectionHeaderBlock::default()
        };
        Ok(Self {
            to: PcapNgWriter::with_section_header(to, section).map_err(io_error)?,
            interfaces: 0,
        })
    }

    /// Writes the packets of a run; `frames` are theirs, one for each.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn run(&mut self, run: &RunTrace, report: &Report, frames: &[Frame]) -> io::Result<()> {
        let Some(capture) = run.capture else {
            return Ok(());
        };
        let network = if capture.private {
            "a network of the program's own"
        } else {
            "the host's loopback, filtered to the run's port"
        };
        let name = safe::words(&run.name);
        let described = format!(
            "run {name} at {}: {network}, MTU {}",
            safe::words(&run.address),
            capture.mtu
        );
        self.write(InterfaceDescriptionBlock {
            linktype: DataLink::ETHERNET,
            snaplen: 0,
            options: vec![
                InterfaceDescriptionOption::IfName(Cow::Owned(format!("lo ({name})"))),
                InterfaceDescriptionOption::IfDescription(Cow::Owned(described)),
                // The stamps are nanoseconds: 10 to the power of -9.
                InterfaceDescriptionOption::IfTsResol(9),
            ],
        })?;
        let interface_id = self.interfaces;
        self.interfaces += 1;
        for ((packet, sight), frame) in run.packets.iter().zip(&report.wire).zip(frames) {
            let comment = comment(packet, sight, report);
            self.write(EnhancedPacketBlock {
                interface_id,
                timestamp: frame.at,
                original_len: u32::try_from(frame.on_wire).unwrap_or(u32::MAX),
                data: Cow::Borrowed(&frame.bytes),
                options: vec![EnhancedPacketOption::Comment(Cow::Owned(comment))],
            })?;
        }
        Ok(())
    }

    fn write<'a>(&mut self, block: impl PcapNgBlock<'a>) -> io::Result<()> {
        self.to
            .write_pcapng_block(block)
            .map(drop)
            .map_err(io_error)
    }

    /// Ends it.
    ///
    /// # Errors
    /// If what was held back cannot be written.
    pub fn finish(self) -> io::Result<()> {
        self.to.into_inner().flush()
    }
}

/// `A[0:5]`: whose bytes, and which.
pub(super) fn owned((label, from, to): &(Label, u64, u64)) -> String {
    format!("{label}[{from}:{to}]")
}

/// What a packet is for, and the writes that its bytes come from.
fn comment(packet: &Packet, sight: &PacketNote, report: &Report) -> String {
    let again = if sight.again { ", sent again" } else { "" };
    let said = match sight.kind {
        Kind::Data if sight.owners.is_empty() => {
            "bytes that no write of the lab accounts for".into()
        }
        Kind::Data => {
            let owned: Vec<String> = sight.owners.iter().map(owned).collect();
            let writes = writes(packet, sight, report);
            format!("{}, from {writes}", owned.join(" "))
        }
        Kind::Handshake => "handshake".into(),
        Kind::Ack => "ACK".into(),
        Kind::Close => "close".into(),
        Kind::Reset => "reset".into(),
    };
    said + again
}

/// `the client's send 1 and 2`: the writes among whose bytes these are.
fn writes(packet: &Packet, sight: &PacketNote, report: &Report) -> String {
    let direction = Direction {
        conn: packet.conn,
        from: packet.side,
    };
    let flow = Flow::of(&report.flows, direction);
    let numbers = flow.into_iter().flat_map(|flow| {
        let Ranges {
            writes, messages, ..
        } = &flow.ranges;
        let range = packet.range().or_else(|| {
            // A datagram is a write of its own.
            let (datagram, ..) = sight.owners.first()?;
            let place = messages.binary_search_by_key(datagram, |message| message.label);
            let message = &messages[place.ok()?];
            Some((message.start, message.end))
        });
        let (start, end) = range.unwrap_or_default();
        let first = writes.partition_point(|write| write.end <= start);
        let among = (first + 1..).zip(&writes[first..]);
        among
            .take_while(move |(_, write)| write.start < end)
            .filter(|(_, write)| write.start < write.end)
            .map(|(number, _)| number)
    });
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    let many = if numbers.len() == 1 {
        "write"
    } else {
        "writes"
    };
    format!("the {}'s {many} {}", packet.side, numbers.join(", "))
}
