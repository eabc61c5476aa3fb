//! Rebuilds when a lab is added: the catalogue is embedded at build time.

fn main() {
    println!("cargo::rerun-if-changed=labs");
}
