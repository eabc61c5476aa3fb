//! A spot in the catalogue that a text points to.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Lab;
use super::error::LabError;

/// A run of a lab.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRef {
    /// The lab's number.
    pub lab: u32,
    /// The run's name.
    pub run: String,
}

/// As a person types it.
impl fmt::Display for RunRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lab {} --run {}", self.lab, self.run)
    }
}

impl RunRef {
    /// The lab that it is in.
    ///
    /// # Errors
    /// If there is none of this number.
    pub fn lab(&self) -> Result<Lab, LabError> {
        super::find(&self.lab.to_string())
    }
}
