//! The types of `lab.json`, exactly as an instructor writes it.
//!
//! The doc comments here are what an editor shows while a lab is being written: they become the
//! descriptions in `labs/lab.schema.json`. Checks of one value happen while it is read, so that
//! the error carries its line and column; what several steps must agree on is checked in
//! [`crate::scenario`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::framing::Framing;
pub use super::program::{
    AnswerFrame, Argv, Ask, AtEnd, Counting, EmptyReads, Json, Outputs, RecvLoop, Until,
};
pub use super::side_script::SideScript;
pub use super::step::{Echo, Options, Pack, RecvFrames, RecvText, Repeat, SendFrame, Step, each};
pub use super::transfer::{Chunk, MAX_CHUNK, RecvFile, SendFile};
pub use super::value::Span;
use crate::event::{Claims, Mtu, Side, Transport, WireDetail};

/// A lab: one or more runs of a client and a server, the same bytes under different conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// Where the schema of this file stands, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The transport of every run that does not name its own.
    #[serde(default)]
    pub transport: Transport,
    /// The commands that `run_command` knows, each with the program and the arguments that it
    /// stands for. Nothing that comes over a socket is ever run; it is only looked up here.
    /// Before they are started, whoever runs a lab from elsewhere is shown them and asked, or says
    /// `--allow-commands`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub commands: BTreeMap<String, Argv>,
    /// The answer to a command that is not among them. Default `cmd error...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_command: Option<String>,
    /// The runs, in the order in which they are shown.
    #[schemars(length(min = 1))]
    pub runs: Vec<Run>,
}

/// One run: what the client does, what the server does, and what the lab claims will come of it.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The run's name: lower-case words joined by hyphens.
    pub name: String,
    /// The transport, if it is not the lab's.
    pub transport: Option<Transport>,
    /// The port that the server listens on. Without it the system gives a free one. A side that is
    /// `elsewhere` needs it.
    #[schemars(range(min = 1))]
    pub port: Option<std::num::NonZeroU16>,
    /// How many connections may wait to be accepted: listen(2)'s argument. Default 16.
    pub backlog: Option<u16>,
    /// Watch the wire without being asked to (`--wire`), and show so much of it: the segments in
    /// the picture are then packets that were captured. Where that is forbidden the run takes
    /// place without.
    pub wire: Option<WireDetail>,
    /// The MTU of the network that the run is watched in, 576 to 65536. Default 1500, of which a
    /// segment takes 1448 bytes; without a capture the run goes over loopback as it is, which has
    /// 65536. A run that claims how many segments carry more than that names its own.
    pub mtu: Option<Mtu>,
    /// How long the run may take before it ends with a report of who waited for what, such as
    /// `5s` or `800ms`. Default `5s`, or `1m` if the client is elsewhere: somebody has to start it.
    pub deadline: Option<Span>,
    /// The framing of every step with frames or files that does not name its own.
    pub framing: Option<Framing>,
    /// How `run_command` reads what a program writes. Default `both_at_once`.
    pub outputs: Option<Outputs>,
    /// The earlier run whose mistake this one shows mended. A lab with cures shows them first of
    /// all, each beside its bug, in a line or two.
    pub cures: Option<String>,
    /// Show this run's picture on the lab's first screen, in place of the first run's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shown_first: bool,
    /// What the client does, step by step, or `elsewhere`.
    pub client: SideScript,
    /// What further clients do, each a connection of its own: a list of lists of steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_clients: Vec<Vec<Step>>,
    /// What the server does, step by step, or `elsewhere`.
    pub server: SideScript,
    /// What the lab claims. The run is held against it; a claim that does not come true is
    /// reported, and `lab` ends with code 1.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub expect: Claims,
}

impl Run {
    /// The side that is another program, if one is.
    pub fn elsewhere(&self) -> Option<Side> {
        match (&self.client, &self.server) {
            (_, SideScript::Elsewhere) => Some(Side::Server),
            (SideScript::Elsewhere, _) => Some(Side::Client),
            _ => None,
        }
    }

    /// Whether neither side is the lab's.
    pub fn is_all_elsewhere(&self) -> bool {
        (&self.client, &self.server) == (&SideScript::Elsewhere, &SideScript::Elsewhere)
    }
}
