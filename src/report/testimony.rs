//! Who says where an edge was lost, and what comes of it when several say something.

use serde::{Deserialize, Serialize, Serializer};

/// Where an edge was lost.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum LostIn {
    /// One segment carried bytes from both sides.
    Sender,
    /// The sides went out in different segments, or, over `AF_UNIX`, where there are none, were
    /// counted there, and lay in the queue together.
    ReceiveQueue,
    /// Neither is proven.
    Undetermined,
}

/// Who can say where an edge was lost.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    strum::EnumCount,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Witness {
    /// The sender's kernel, by its counters after the calls.
    #[default]
    Counters,
    /// The same, with the counters of the moments at which bytes left and were acknowledged.
    Stamps,
    /// The reader's kernel, by its counters, with those of the sender's that are proven to be
    /// true of what arrived.
    Receiver,
    /// A capture of every packet.
    Capture,
    /// The reader's queue, where there are no segments: how many bytes were counted in it.
    Queue,
    /// The calls themselves, where there are no segments: which had returned when another began.
    Calls,
}

/// What each witness says of an edge that was lost; those that do not know say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Testimony([Option<LostIn>; <Witness as strum::EnumCount>::COUNT]);

impl Testimony {
    /// Adds what a witness says.
    pub(super) fn add(&mut self, witness: Witness, says: LostIn) {
        self.0[witness as usize] = Some(says).filter(|says| *says != LostIn::Undetermined);
    }

    /// Who says what.
    pub fn iter(&self) -> impl Iterator<Item = (Witness, LostIn)> {
        let witnesses = <Witness as strum::IntoEnumIterator>::iter();
        witnesses
            .zip(self.0)
            .filter_map(|(witness, says)| Some((witness, says?)))
    }

    /// Whether nobody says anything.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Whether one says otherwise than another.
    pub fn disagrees(&self) -> bool {
        let mut said = self.iter().map(|(_, says)| says);
        let first = said.next();
        said.any(|says| Some(says) != first)
    }

    /// What all say who say anything.
    pub fn verdict(&self) -> LostIn {
        match self.iter().next() {
            Some((_, says)) if !self.disagrees() => says,
            _ => LostIn::Undetermined,
        }
    }
}

impl Serialize for Testimony {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let named = self
            .iter()
            .map(|(witness, says)| (<&str>::from(witness), says));
        to.collect_map(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(all: &[(Witness, LostIn)]) -> Testimony {
        let mut said = Testimony::default();
        for (witness, says) in all {
            said.add(*witness, *says);
        }
        said
    }

    #[test]
    fn what_all_say_who_know_counts_and_a_contradiction_proves_nothing() {
        use LostIn::{ReceiveQueue, Sender, Undetermined};
        let of = |all: &[(Witness, LostIn)]| {
            let said = said(all);
            (said.verdict(), said.disagrees())
        };
        assert_eq!(of(&[]), (Undetermined, false));
        let silent = (Witness::Counters, Undetermined);
        let stamps = (Witness::Stamps, Sender);
        assert_eq!(of(&[silent, stamps]), (Sender, false));
        assert_eq!(of(&[stamps, (Witness::Capture, Sender)]), (Sender, false));
        let other = (Witness::Receiver, ReceiveQueue);
        assert_eq!(of(&[silent, stamps, other]), (Undetermined, true));
        let written = serde_json::to_string(&said(&[silent, stamps, other])).unwrap();
        assert_eq!(written, r#"{"stamps":"sender","receiver":"receive-queue"}"#);
    }
}
