//! The wire under watch: opened if somebody asks for it, and what was seen kept in a file.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::speak::say;
use super::{COULD_NOT_RUN, Exit, USAGE, warn};
use crate::cli::Network;
use crate::event::{Mtu, RunTrace};
use crate::lab::Lab;
use crate::render::pcap::Pcap;
use crate::report::Report;
use crate::run::{Keep, Wire};
use crate::wire::Frame;

/// The wire that is watched, if it is, and the file that keeps what was seen.
pub(super) struct Watching {
    pub(super) wire: Option<Arc<Wire>>,
    file: Option<(PathBuf, Pcap<BufWriter<File>>)>,
}

/// Opens the wire if it was asked for, here or by a run that is to be done.
pub(super) fn open(labs: &[Lab], names: &[String], network: &Network) -> Result<Watching, Exit> {
    let runs = || {
        let all = labs.iter().flat_map(|lab| &lab.file.runs);
        all.filter(|run| names.is_empty() || names.contains(&run.name))
    };
    let mut watching = Watching {
        wire: None,
        file: None,
    };
    let with_another = || runs().find(|run| run.elsewhere().is_some());
    match with_another() {
        Some(run) if network.is_asked_for() => {
            return Err(Exit::Failed(
                USAGE,
                say(
                    format!(
                        "run `{}` talks to another program, which cannot be in the network that \
                         --wire gives it; leave --wire, --mtu and --pcap out",
                        run.name
                    ),
                    format!(
                        "`{}` 这次运行要和另一个程序通信，而它进不了 --wire 的专用网络；请去掉 \
                         --wire、--mtu 和 --pcap",
                        run.name
                    ),
                ),
            ));
        }
        // What other runs want to have watched takes place without.
        Some(_) => return Ok(watching),
        None => {}
    }
    if !network.is_asked_for() && runs().all(|run| run.wire.is_none()) {
        return Ok(watching);
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
                warn(&say(
                    "the host's loopback is watched, and keeps its own MTU: --mtu is for a network \
                     of the program's own",
                    "抓的是主机的环回接口，MTU 由它自己决定：--mtu 只用于程序自己的网络",
                ));
            }
            watching.wire = Some(Arc::new(wire));
        }
        Err(why) if why.stranded => {
            return Err(Exit::Failed(
                COULD_NOT_RUN,
                say(
                    format!("the wire cannot be watched: {why}; without --wire the lab runs"),
                    format!("抓不了包：{why}；去掉 --wire 就能运行"),
                ),
            ));
        }
        Err(why) if network.pcap.is_some() => {
            return Err(Exit::Failed(
                COULD_NOT_RUN,
                say(
                    format!("no packet can be captured: {why}"),
                    format!("抓不了包：{why}"),
                ),
            ));
        }
        Err(why) => warn(&say(
            format!("the wire cannot be watched, so this is without it: {why}"),
            format!("抓不了包，所以下面没有抓包：{why}"),
        )),
    }
    if let Some(path) = &network.pcap {
        let failed = |error| could_not_write(path, &error);
        let file = File::create(path).map_err(failed)?;
        let pcap = Pcap::new(BufWriter::new(file)).map_err(failed)?;
        watching.file = Some((path.clone(), pcap));
    }
    Ok(watching)
}

fn could_not_write(path: &Path, error: &std::io::Error) -> Exit {
    Exit::Failed(
        COULD_NOT_RUN,
        say(
            format!("{}: cannot be written: {error}", path.display()),
            format!("{}：写不了：{error}", path.display()),
        ),
    )
}

impl Watching {
    /// What it adds to what can be asked of the kernel.
    pub(super) fn evidence(&self) -> Option<String> {
        self.wire.as_ref().map(|_| "capture".into())
    }

    /// Writes the packets of a run to the file, if there is one.
    pub(super) fn keep(
        &mut self,
        run: &RunTrace,
        report: &Report,
        frames: &[Frame],
    ) -> Result<(), Exit> {
        match &mut self.file {
            None => Ok(()),
            Some((path, pcap)) => pcap
                .run(run, report, frames)
                .map_err(|error| could_not_write(path, &error)),
        }
    }

    /// Closes the file.
    pub(super) fn finish(self) -> Result<(), Exit> {
        match self.file {
            None => Ok(()),
            Some((path, pcap)) => pcap
                .finish()
                .map_err(|error| could_not_write(&path, &error)),
        }
    }
}
