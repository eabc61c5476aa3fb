//! How the program fared against what really happened, and the table of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// How one kind of statement fared.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) agreed: u64,
    /// The program does not decide, and says so.
    pub(crate) undetermined: u64,
    /// What was captured does not decide.
    pub(crate) undecided: u64,
    pub(crate) wrong: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.agreed += other.agreed;
        self.undetermined += other.undetermined;
        self.undecided += other.undecided;
        self.wrong += other.wrong;
    }
}

/// How all that was said of some runs fared.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Sheet {
    /// By what the program had to go by, and what it spoke of.
    pub(crate) rows: BTreeMap<String, Tally>,
    /// Why lost edges of TCP read `undetermined`, by what the program had to go by.
    pub(crate) reasons: BTreeMap<String, u64>,
    /// The share of those, added up over the runs that lost an edge, and how many these are.
    pub(crate) shares: BTreeMap<String, (f64, u64)>,
    pub(crate) runs: u64,
    pub(crate) wrong: Vec<String>,
}

impl Sheet {
    /// Holds what was said against what is so; `None` where either is not known.
    pub(crate) fn hold<T: PartialEq + std::fmt::Debug>(
        &mut self,
        what: &str,
        said: Option<T>,
        so: Option<T>,
        place: impl FnOnce() -> String,
    ) {
        let tally = self.rows.entry(what.into()).or_default();
        match (said, so) {
            (_, None) => tally.undecided += 1,
            (None, Some(_)) => tally.undetermined += 1,
            (Some(said), Some(so)) if said == so => tally.agreed += 1,
            (Some(said), Some(so)) => {
                tally.wrong += 1;
                let place = place();
                self.wrong
                    .push(format!("{what}: {place}: said {said:?}, and it is {so:?}"));
            }
        }
    }

    /// Something that may not be.
    pub(crate) fn wrong(&mut self, what: &str, said: impl Into<String>) {
        self.rows.entry(what.into()).or_default().wrong += 1;
        self.wrong.push(format!("{what}: {}", said.into()));
    }

    pub(crate) fn share(&mut self, witness: &str, undetermined: u64, of: u64) {
        if of > 0 {
            let (sum, runs) = self.shares.entry(witness.into()).or_default();
            #[allow(clippy::cast_precision_loss, reason = "a run has few edges")]
            let share = undetermined as f64 / of as f64;
            *sum += share;
            *runs += 1;
        }
    }

    /// How many of a hundred lost edges of TCP read `undetermined`, by mean of the runs.
    pub(crate) fn mean_share(&self, witness: &str) -> f64 {
        let (sum, runs) = self.shares.get(witness).copied().unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "there are few runs")]
        let runs = runs.max(1) as f64;
        100.0 * sum / runs
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (what, tally) in other.rows {
            self.rows.entry(what).or_default().add(tally);
        }
        for (why, n) in other.reasons {
            *self.reasons.entry(why).or_default() += n;
        }
        for (witness, (sum, runs)) in other.shares {
            let own = self.shares.entry(witness).or_default();
            *own = (own.0 + sum, own.1 + runs);
        }
        self.runs += other.runs;
        self.wrong.extend(other.wrong);
    }

    pub(crate) fn all_wrong(&self) -> u64 {
        self.rows.values().map(|tally| tally.wrong).sum()
    }

    /// As a table.
    pub(crate) fn table(&self) -> String {
        let mut table = format!(
            "{:<34}{:>9}{:>14}{:>22}{:>7}\n",
            "", "agreed", "undetermined", "capture undecided", "wrong"
        );
        for (what, tally) in &self.rows {
            writeln!(
                table,
                "{what:<34}{:>9}{:>14}{:>22}{:>7}",
                tally.agreed, tally.undetermined, tally.undecided, tally.wrong
            )
            .expect("a string takes all");
        }
        for (witness, (_, runs)) in &self.shares {
            let mean = self.mean_share(witness);
            writeln!(
                table,
                "lost TCP edges undetermined, {witness}: {mean:.1} % by mean of {runs} runs"
            )
            .expect("a string takes all");
        }
        for (why, n) in &self.reasons {
            writeln!(table, "  {why}: {n}").expect("a string takes all");
        }
        table
    }
}
