//! The JSON Schema of lab files, made from the types that read them.

use schemars::generate::SchemaSettings;

use super::file::Lab;

/// The schema as `labs/lab.schema.json` has it: JSON Schema 2020-12, indented, one newline at the
/// end.
///
/// # Panics
/// Never: a schema is JSON.
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Lab>();
    // The type's name and its first sentence say what it is in the code; this is for an editor.
    schema.insert("title".into(), "A lab of sticky-lab".into());
    schema.insert(
        "description".into(),
        "One or more runs of a client and a server over loopback. `lab run DIR` runs the lab.json \
         in a directory, with en.md and zh.md beside it."
            .into(),
    );
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}
