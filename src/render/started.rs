//! What is said when a lab has been written to begin with.

use super::words::pick;
use super::{View, safe};

/// Says what is in the directory `dir`, and which commands come next.
#[must_use]
pub fn started(dir: &str, view: &View) -> String {
    let dir = safe::words(dir);
    let said = pick(
        view.lang,
        format!(
            "\
{dir} is a lab, and runs as it is:

  lab.json         what client and server do, and what you claim of it
  en.md, zh.md     what the lab says; the notes in them are not shown
  lab.schema.json  lets an editor complete and check lab.json

`lab help writing` shows how to make it yours. Next:

  lab run {dir}
  lab lint {dir}
"
        ),
        format!(
            "\
{dir} 是一个现在就能运行的实验：

  lab.json         客户端和服务端各做什么，结果应该怎样
  en.md、zh.md     实验里的文字，其中的注释不会显示出来
  lab.schema.json  有了它，编辑器能补全和检查 lab.json

怎样把它改成自己的实验，见 `lab help writing`。接下来：

  lab run {dir}
  lab lint {dir}
"
        ),
    );
    if view.ascii { safe::ascii(&said) } else { said }
}
