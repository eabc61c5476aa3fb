//! The wire under watch: opened if somebody asks for it, and what was seen kept in a file.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sessions::Session;
use super::{Exit, lang, warn};
use crate::cli::{Network, STDOUT, Show};
use crate::event::Mtu;
use crate::lab::Lab;
use crate::render::pcap::Pcap;
use crate::run::{Keep, Wire};
use crate::words::command as words;

/// The wire that is watched, if it is, and the file that keeps what was seen.
#[derive(Default)]
pub(super) struct Capture {
    pub(super) wire: Option<Arc<Wire>>,
    file: Option<(PathBuf, Pcap<Output>)>,
}

/// Where the packets go.
type Output = BufWriter<Box<dyn Write>>;

/// Opens the wire if it was asked for, here or by a run that is to be done.
pub(super) fn open(labs: &[Lab], names: &[String], network: &Network) -> Result<Capture, Exit> {
    let runs = || {
        let all = labs.iter().flat_map(|lab| &lab.file.runs);
        all.filter(|run| names.is_empty() || names.contains(&run.name))
    };
    let mut capture = Capture::default();
    match runs().find(|run| run.elsewhere().is_some()) {
        Some(run) if network.is_asked_for() => {
            return Err(Exit::usage(words::no_other_program_on_wire(
                lang(),
                &run.name,
            )));
        }
        // What other runs want to have watched takes place without.
        Some(_) => return Ok(capture),
        None => {}
    }
    if !network.is_asked_for() && runs().all(|run| run.wire.is_none()) {
        return Ok(capture);
    }
    let keep = if network.pcap.is_some() {
        Keep::All
    } else {
        Keep::Headers
    };
    let own = runs().filter_map(|run| run.mtu).map(|mtu| mtu.0).max();
    let largest = network.mtu.map(|mtu| mtu.0).or(own);
    let largest = Mtu(largest.unwrap_or_default().max(Mtu::USUAL.0));
    match Wire::open(network.mtu, largest, keep) {
        Ok(wire) => {
            if network.mtu.is_some() && !wire.is_private() {
                warn(words::hosts_own_mtu(lang()));
            }
            capture.wire = Some(Arc::new(wire));
        }
        Err(why) if why.stranded => {
            return Err(Exit::could_not_run(words::runs_without_wire(lang(), &why)));
        }
        Err(why) if network.pcap.is_some() => {
            return Err(Exit::could_not_run(words::no_capture(lang(), &why)));
        }
        Err(why) => warn(&words::goes_on_without_wire(lang(), &why)),
    }
    if let Some(path) = &network.pcap {
        let pcap = Pcap::new(output(path)?);
        let pcap = pcap.map_err(|error| could_not_write(path, error))?;
        capture.file = Some((path.clone(), pcap));
    }
    Ok(capture)
}

/// Refuses what cannot go to standard output together with the packets.
pub(super) fn refuse_beside_packets(network: &Network, show: &Show) -> Result<(), Exit> {
    if !network.is_to_stdout() {
        Ok(())
    } else if show.json || show.plain {
        Err(Exit::usage(words::one_output_for_two(lang())))
    } else if io::stdout().is_terminal() {
        Err(Exit::usage(words::no_packets_to_terminal(lang())))
    } else {
        Ok(())
    }
}

/// A file that is not there yet, or standard output.
fn output(path: &Path) -> Result<Output, Exit> {
    let to: Box<dyn Write> = if path == Path::new(STDOUT) {
        Box::new(io::stdout())
    } else {
        let file = File::create_new(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Exit::usage(words::is_there_already(lang(), &path.display()))
            }
            _ => could_not_write(path, error),
        })?;
        Box::new(file)
    };
    Ok(BufWriter::new(to))
}

fn could_not_write(path: &Path, error: io::Error) -> Exit {
    if error.kind() == ErrorKind::BrokenPipe {
        return error.into();
    }
    Exit::could_not_run(words::cannot_be_written(lang(), &path.display(), &error))
}

impl Capture {
    /// Writes the packets of a run to the file, if there is one.
    pub(super) fn keep(&mut self, session: &Session) -> Result<(), Exit> {
        match &mut self.file {
            None => Ok(()),
            Some((path, pcap)) => pcap
                .run(&session.run, &session.report, &session.frames)
                .map_err(|error| could_not_write(path, error)),
        }
    }

    /// Closes the file.
    pub(super) fn finish(self) -> Result<(), Exit> {
        match self.file {
            None => Ok(()),
            Some((path, pcap)) => pcap.finish().map_err(|error| could_not_write(&path, error)),
        }
    }
}
