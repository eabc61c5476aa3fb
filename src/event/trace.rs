//! All that runs leave behind: their events, and what lab they were.

use serde::{Deserialize, Serialize};

use super::{Capture, Event, Packet};
use crate::event::Texts;
use crate::lab::file;

/// All that the runs of one lab left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Which lab it was, and where it ran.
    pub lab: LabInfo,
    /// Its runs, in order.
    pub runs: Vec<RunTrace>,
}

/// The lab of a trace, with all that a person is told about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabInfo {
    /// Its number in the catalogue; none for a lab from outside.
    pub lab: Option<u32>,
    /// Its name.
    pub slug: String,
    /// Title, question, explanation, in each language that the lab has.
    pub texts: Texts,
    /// The operating system of the run.
    pub os: String,
    /// What the kernel of that system could be asked: `tcp_info`, `inq`, `fionread`, `outq`, ….
    pub evidence: Vec<String>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunTrace {
    /// The run as its lab file writes it, transport filled in.
    pub script: file::Run,
    /// Where the server listened.
    pub address: String,
    /// Whether Ctrl-C cut it short; it may have come while no call was under way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// The capture that stood beside it; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
    /// What happened.
    #[serde(skip)]
    pub events: Vec<Event>,
    /// What was captured, in order.
    #[serde(skip)]
    pub packets: Vec<Packet>,
}
