//! What the commands say outside of what they draw: what is wrong with what was asked for, what
//! keeps them from it, what to do about it.

mod lint;
mod lookup;
mod mistyped;
mod runs;
mod system;
mod usage;

pub(crate) use lint::*;
pub(crate) use lookup::*;
pub(crate) use mistyped::*;
pub(crate) use runs::*;
pub(crate) use system::*;
pub(crate) use usage::*;
