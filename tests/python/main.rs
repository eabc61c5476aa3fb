//! Python on the other side: the programs that `lab code` prints, and peers that speak the
//! framings as Python programs do.
//!
//! Not part of plain `cargo test`, since it takes Python 3: `cargo test --test python`.

mod child;
mod framed;
mod pairs;
mod systems;
