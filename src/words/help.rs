//! The help in languages other than that of `cli.rs`, where the English stands beside what it
//! explains, and which the parser prints by itself.

use crate::lang::Lang;

/// All that help says in a language.
pub struct Help {
    /// The commands, by name: what they are for.
    pub commands: &'static [(&'static str, &'static str)],
    /// Their arguments: of which command, under which name in `cli.rs`, what for.
    pub arguments: &'static [(&'static str, &'static str, &'static str)],
    /// What stands below the help of the program itself.
    pub examples: &'static str,
    /// Above commands, arguments, options.
    pub headings: [&'static str; 3],
    /// Before the values that may be given, and between them.
    possible: (&'static str, &'static str),
    /// Before the value that is taken if none is given.
    default: &'static str,
    /// The parser's words in a line of usage.
    usage: &'static [(&'static str, &'static str)],
    /// Said before a page that is in English only.
    pub in_english: &'static str,
    /// The page on the evidence.
    pub evidence: &'static str,
}

/// An argument that is explained in the same way in each command that has it.
pub const EVERYWHERE: &str = "*";

/// The help in this language, if the parser does not have it itself.
pub fn of(lang: Lang) -> Option<&'static Help> {
    match lang {
        Lang::En => None,
        Lang::Zh => Some(&CHINESE),
    }
}

impl Help {
    /// What a command is for; empty if nobody has said.
    pub fn command(&self, name: &str) -> &'static str {
        let said = self.commands.iter().find(|(command, _)| *command == name);
        said.map_or("", |(_, text)| text)
    }

    /// What an argument of a command is for; empty if nobody has said.
    pub fn argument(&self, command: &str, name: &str) -> &'static str {
        let said = |of| {
            let mut all = self.arguments.iter();
            all.find(|(command, argument, _)| (*command, *argument) == (of, name))
        };
        said(command)
            .or_else(|| said(EVERYWHERE))
            .map_or("", |(_, _, text)| text)
    }

    pub fn possible(&self, values: &[&str]) -> String {
        let (before, between) = self.possible;
        format!("[{before}{}]", values.join(between))
    }

    pub fn default(&self, value: &str) -> String {
        format!("[{}{value}]", self.default)
    }

    /// A line of usage as the parser has it, in this language.
    pub fn usage(&self, given: &str) -> String {
        let each = self.usage.iter();
        each.fold(given.to_owned(), |given, (from, to)| {
            given.replace(from, to)
        })
    }
}

static CHINESE: Help = Help {
    headings: ["命令：", "参数：", "选项："],
    usage: &[
        ("Usage: ", "用法："),
        ("[OPTIONS]", "[选项]"),
        (" COMMAND", " 命令"),
        ("\n       ", "\n      "),
    ],
    possible: ("可选：", "、"),
    default: "默认：",
    in_english: "（这一页只有英文。）",
    evidence: include_str!("../../docs/evidence.zh.md"),
    commands: &[
        (
            "lab",
            "TCP 消息为什么会粘连、断开、丢失：在真实的套接字上演示，用内核自己的证据说话。",
        ),
        ("lab list", "列出全部实验：编号、标题、要回答的问题"),
        ("lab all", "把全部实验运行一遍"),
        ("lab run", "运行自己写的实验"),
        ("lab compare", "把两三次运行并排对照"),
        ("lab new", "新建一个实验：生成目录和其中的全部文件"),
        (
            "lab lint",
            "检查实验：文件和文字有没有写错，每次运行的结果是否都如所写",
        ),
        ("lab replay", "重新画出 --json 存下的运行"),
        (
            "lab code",
            "把一次运行写成两个普通的 Python 程序，可以运行、改坏、再修好",
        ),
        (
            "lab myths",
            "关于 TCP 和 UDP 的常见说法：对不对，为什么，证据在哪",
        ),
        (
            "lab learn",
            "一门课：先预测，再观察，再思考；下次从离开的地方继续",
        ),
        ("lab explain", "解释术语，中英文都能查"),
        ("lab help", "专题说明：writing、evidence、json"),
    ],
    arguments: &[
        (
            "lab",
            "lab",
            "要运行的实验，写编号或名字；不写就列出全部实验",
        ),
        ("lab list", "full", "同时列出各实验要回答的问题"),
        ("lab run", "path", "实验所在的目录，或者实验文件"),
        (
            "lab compare",
            "runs",
            "要对照的实验、运行或记录：3、3:leftover、my-lab/:halves、t.json、t.json:leftover",
        ),
        ("lab compare", "step", "逐次 recv 展开，用按键前进"),
        ("lab new", "path", "要新建的目录，目录名就是实验名"),
        (
            "lab new",
            "lang",
            "用哪种语言说明：en、zh [默认：随系统语言]",
        ),
        (
            "lab lint",
            "paths",
            "实验所在的目录，或者实验文件；不写就检查自带的全部实验",
        ),
        ("lab lint", "times", "每次运行重复做多少遍"),
        ("lab replay", "trace", "记录文件；- 表示标准输入"),
        ("lab replay", "wire", "记录里有抓到的数据包时，画出多少"),
        (
            "lab replay",
            "repeat",
            "统计其中每种结果各出现几次，同 `lab 1 --repeat`",
        ),
        ("lab code", "lab", "实验的编号、名字或目录"),
        ("lab code", "run", "哪一次运行 [默认：第一次]"),
        ("lab code", "server", "只要服务端"),
        ("lab code", "client", "只要客户端"),
        (
            "lab code",
            "lang",
            "注释用哪种语言：en、zh [默认：随系统语言]",
        ),
        (
            "lab myths",
            "number",
            "要看第几条，并当场运行来检验；不写就列出全部",
        ),
        (
            "lab myths",
            "check",
            "把每条的证据都运行一遍；有一条结论对不上，退出码就是 1",
        ),
        ("lab learn", "status", "看学到了哪里"),
        ("lab learn", "reset", "清空进度"),
        ("lab explain", "words", "要查的词；不写就按主题列出全部"),
        ("lab help", "topic", "要看的专题；不写就列出全部命令和选项"),
        (
            EVERYWHERE,
            "allow_commands",
            "允许启动实验文件在 `commands` 里写的程序",
        ),
        (EVERYWHERE, "names", "只看叫这个名字的运行；可以给多次"),
        (
            EVERYWHERE,
            "wire",
            "在专用网络里抓包（Linux，不需要 root），把报文段画在各次调用之间；--wire=full 连握手、\
         ACK 和关闭也画出来",
        ),
        (
            EVERYWHERE,
            "mtu",
            "这个专用网络的 MTU [默认：1500，或运行自己指定的值]",
        ),
        (
            EVERYWHERE,
            "pcap",
            "把数据包写进一个新文件，供 Wireshark 打开，每个包都注明其中的字节出自哪几次 send；- 表示\
         标准输出，这时不再打印别的内容",
        ),
        (
            EVERYWHERE,
            "repeat",
            "每次运行重复做 N 遍，统计每种结果各出现几次",
        ),
        (
            EVERYWHERE,
            "load",
            "配合 --repeat：同时让 N 个线程一直占着 CPU",
        ),
        (
            EVERYWHERE,
            "predict",
            "先预测每次 recv 会返回什么，再看运行",
        ),
        (
            EVERYWHERE,
            "answer",
            "配合 --predict：直接给出预测，如 \"ab | cd\"；可以只给一次，也可以每次运行各给一次",
        ),
        (EVERYWHERE, "step", "一步一步展开运行，用按键前进"),
        (EVERYWHERE, "full", "不限于一屏，全部显示"),
        (EVERYWHERE, "hex", "字节同时用十六进制显示"),
        (
            EVERYWHERE,
            "json",
            "每行一个 JSON 对象，供程序读取（见 lab help json）",
        ),
        (EVERYWHERE, "plain", "每行一个事实，适合读屏软件和 grep"),
        (
            EVERYWHERE,
            "color",
            "何时用颜色：auto 自动、always 总是、never 从不",
        ),
        (EVERYWHERE, "ascii", "只用 ASCII 字符"),
        (EVERYWHERE, "lang", "用哪种语言：en、zh [默认：随系统语言]"),
        (
            EVERYWHERE,
            "width",
            "图的宽度 [默认：终端的宽度，没有终端就是 80]",
        ),
        (EVERYWHERE, "help", "显示这份帮助"),
        (EVERYWHERE, "version", "显示版本"),
    ],
    examples: "\
观看：lab                     列出全部实验
      lab 3                   运行实验 3
      lab 3 --run leftover    只看其中一次运行
      lab compare 3 4         两次运行并排对照，看差别在哪
      lab 1 --repeat 500      每种结果各出现几次
      lab 3 --step            一步一步看，用按键前进
学习：lab learn               一门课，从第一个实验开始，随时可以退出再来
      lab 3 --predict         先说每次 recv 会返回什么，再看结果
      lab myths               检验关于 TCP 和 UDP 的常见说法
      lab myths 5             看第 5 条，当场运行来检验
      lab explain 粘包        查一个词，英文也行：lab explain nagle
      lab code 3              实验 3 的两个 Python 程序，可以运行、改坏、再修好
      lab help evidence       证据从哪里来，能说明到哪一步
授课：lab help writing        十分钟学会写实验
      lab new my-lab          新建一个实验……
      lab run my-lab/         ……运行它……
      lab lint my-lab/        ……上课之前检查一遍
      lab 3 --json > t.json   把一次运行存下来……
      lab replay t.json       ……以后原样重放

退出码：0 与预期一致，1 有出入，2 用法不对，3 运行不了，130 按了 Ctrl-C。",
};
