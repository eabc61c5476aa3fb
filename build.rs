//! Rebuilds when a lab or a template is added: both are embedded at build time.

fn main() {
    println!("cargo::rerun-if-changed=labs");
    println!("cargo::rerun-if-changed=src/python/templates");
}
