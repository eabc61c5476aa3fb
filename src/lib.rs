//! Shows why TCP messages stick together, tear and get lost: on real sockets, with the kernel's
//! own evidence.
//!
//! ```text
//! labs/*.json + texts ──▶ scenario ──▶ run ──▶ events ──▶ report ──▶ renderers
//!    (what to do)        (typed plan)  (threads,   (the      (ownership,   (picture, plain,
//!                                       sockets,   contract)  segments,     JSON: report → bytes)
//!                                       probes)               edges, cause)
//! ```
//!
//! One way, no way back. What runs does not judge; what judges does not read a clock or a socket;
//! what draws does not know facts that the report does not hold.

pub mod cli;
mod command;
pub mod event;
pub mod frame;
pub mod lab;
pub mod lang;
mod line_break;
pub mod lint;
mod number;
pub mod python;
mod regular_file;
pub mod render;
pub mod report;
pub mod run;
mod safe;
pub mod scenario;
pub mod screen;
pub mod text;
pub mod trace;
mod usual;
pub mod wire;
pub mod words;

pub use command::main;
