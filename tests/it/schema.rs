//! `labs/lab.schema.json` is what the types say, and says of a lab file what the program says.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};
use sticky_lab::lab::{read, schema::schema};
use sticky_lab::scenario;

fn labs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("labs")
}

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    assert!(jsonschema::meta::is_valid(&schema), "a schema of 2020-12");
    jsonschema::draft202012::new(&schema).expect("the schema compiles")
}

#[test]
fn the_schema_in_labs_is_the_one_that_the_types_give() {
    let path = labs().join("lab.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, schema()).expect("the schema is written");
    }
    // A checkout on Windows may have other line ends.
    let kept = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        kept == schema(),
        "labs/lab.schema.json is stale: run UPDATE_SCHEMA=1 cargo test --test it schema, and look at \
         the difference before committing it"
    );
}

#[test]
fn it_introduces_itself() {
    let schema: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["title"], "A lab of sticky-lab");
    assert!(
        schema["description"]
            .as_str()
            .is_some_and(|text| text.contains("lab run DIR"))
    );
    // What an editor shows at a key is there for every key.
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        assert!(
            definition.get("description").is_some(),
            "{name} has no description"
        );
    }
}

#[test]
fn every_lab_of_the_catalogue_is_valid() {
    let validator = validator();
    let mut seen = 0;
    for entry in fs::read_dir(labs()).expect("labs/ is there") {
        let file = entry.expect("an entry").path().join("lab.json");
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let lab: Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<String> = validator.iter_errors(&lab).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
        assert_eq!(lab["$schema"], "../lab.schema.json", "{}", file.display());
        seen += 1;
    }
    assert!(seen >= 6, "{seen}");
}

/// Whether the program takes this text for a lab that can be run.
fn program_takes(text: &str) -> bool {
    read::parse("lab.json", text)
        .is_ok_and(|lab| (0..lab.runs.len()).all(|i| scenario::resolve(&lab, i).is_ok()))
}

fn with(client: &Value, server: &Value) -> Value {
    json!({"runs": [{"name": "one", "client": client, "server": server}]})
}

/// What both refuse: an editor marks it before the program is run.
#[test]
fn what_is_wrong_is_refused_by_schema_and_program() {
    let validator = validator();
    let recv = json!([{"recv": 5}]);
    let good = with(&json!([{"send": "x"}]), &recv);
    let mut taken = Vec::new();
    for wrong in [
        json!([]),
        json!({}),
        json!({"runs": "none"}),
        json!({"runs": []}),
        json!({"transport": "sctp", "runs": []}),
        json!({"transprot": "tcp", "runs": [good["runs"][0]]}),
        json!({"runs": [{"name": "one", "client": []}]}),
        with(&json!([{"sned": "x"}]), &recv),
        with(&json!([{"send": 5}]), &recv),
        with(&json!([{"send": {"txt": "x"}}]), &recv),
        with(&json!([{"send": "x", "recv": 5}]), &recv),
        with(&json!(["send"]), &recv),
        with(&json!([{"send": "x"}]), &json!([{"recv": 0}])),
        with(&json!([{"send": "x"}]), &json!([{"recv": -1}])),
        with(&json!([{"send": "x"}]), &json!([{"recv": 16_777_217}])),
        with(&json!([{"send": "x"}]), &json!([{"recv": "5"}])),
        with(&json!([{"await": "acknowledged"}]), &recv),
        with(&json!([{"await": {"queued": 0}}]), &recv),
        with(&json!([{"set": {"no_delay": true}}]), &recv),
        with(&json!([{"set": {"max_segment": 87}}]), &recv),
        with(&json!([{"set": {"max_segment": 32_768}}]), &recv),
        with(&json!([{"set": {"nodelay": 1}}]), &recv),
        with(
            &json!([{"repeat": {"times": 0, "steps": ["close"]}}]),
            &recv,
        ),
        with(
            &json!([{"repeat": {"times": 100_001, "steps": [{"send": "x"}]}}]),
            &recv,
        ),
        with(&json!([{"pause": 2}]), &recv),
        with(&json!([{"pack": {"layout": "=I", "value": 1}}]), &recv),
        with(&json!([{"pack": {"layout": "<I", "value": -1}}]), &recv),
        with(
            &json!([{"send_frame": {"payload": "x", "framing": {"length": ">H"}}}]),
            &recv,
        ),
        with(
            &json!([{"send": "x"}]),
            &json!([{"recv_frames": {"count": 0, "sizes": [1], "framing": {"length": ">I"}}}]),
        ),
        with(
            &json!([{"send": "x"}]),
            &json!([{"recv_frames": {"count": 1, "sizes": [], "framing": {"length": ">I"}}}]),
        ),
        json!({"runs": [{"name": "one", "port": 0, "client": [{"send": "x"}], "server": recv}]}),
        json!({"runs": [{"name": "one", "port": 65536, "client": [{"send": "x"}], "server": recv}]}),
        json!({"runs": [{"name": "one", "client": [{"send": "x"}], "server": recv,
                         "expect": {"recvs": "any"}}]}),
        json!({"runs": [{"name": "one", "client": [{"send": "x"}], "server": recv,
                         "expect": {"edges": ["lost"]}}]}),
        json!({"runs": [{"name": "one", "client": [{"send": "x"}], "server": recv,
                         "expect": {"cuts": [{"message": "A", "after": 1, "by": "chance"}]}}]}),
    ] {
        for (who, takes) in [
            ("schema", validator.is_valid(&wrong)),
            ("program", program_takes(&wrong.to_string())),
        ] {
            if takes {
                taken.push(format!("the {who} takes {wrong}"));
            }
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
    assert!(validator.is_valid(&good) && program_takes(&good.to_string()));
}

/// What both take, so that no editor marks what runs.
#[test]
fn what_is_right_is_taken_by_schema_and_program() {
    let validator = validator();
    for right in [
        with(&json!([]), &json!([])),
        with(
            &json!(["connect", {"send": {"hex": "00 ff", "times": 3}}, "shutdown", "close"]),
            &json!(["accept", {"recv_until_end": 1}, {"recv_exact": 16_777_216}, "abort"]),
        ),
        with(
            &json!([{"repeat": {"times": 2, "steps": [{"send": "{n}"}, {"pause": "1s 500ms"}]}}]),
            &json!([{"await": {"signal": "go"}}, {"await": "read"}, {"await": "sent"}]),
        )
        .pointer_mut("/runs/0/client")
        .map(|client| {
            client
                .as_array_mut()
                .expect("a list")
                .push(json!({"signal": "go"}));
            with(client, &json!([{"await": {"signal": "go"}}]))
        })
        .expect("there is a client"),
        with(
            &json!([{"set": {"nodelay": true, "cork": false, "send_buffer": 1, "max_segment": 88}}]),
            &json!([{"set": {"recv_buffer": 4096, "reuse_address": true}}]),
        ),
        with(
            &json!([{"send_frame": {"payload": {"text": "x", "times": 5}, "filename": "a", "cut": [1, 2],
                     "alter": 0, "framing": {"header_dict": "<q", "limit": 10}}}]),
            &json!([{"recv_frames": {"count": 1, "sizes": [1, 2],
                     "framing": {"header_dict": "<q", "header_only": true}}}]),
        ),
        json!({"$schema": "x", "transport": "udp", "runs": [{
            "name": "one", "port": 1, "deadline": "800ms",
            "client": [{"sendto": ""}],
            "server": [{"recvfrom": 1}, {"recvfrom_rest": 1}],
            "expect": {"recvs": [""], "writes": 1, "segments": 0, "edges": [], "truncated": 0,
                       "drops": false, "most_unsent": 0, "end_of_stream": false,
                       "cuts": [{"message": "A", "after": 1, "by": "arrival"}],
                       "messages": [{"hex": "00"}], "refused": "over-limit"}}]}),
    ] {
        let errors: Vec<String> = validator
            .iter_errors(&right)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "the schema refuses {right}: {errors:#?}");
        assert!(
            program_takes(&right.to_string()),
            "the program refuses {right}"
        );
    }
}
