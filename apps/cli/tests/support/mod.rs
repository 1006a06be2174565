//! What the tests of the program share: reports of our own in a folder, and the program run on them.
#![allow(dead_code)] // each test file uses its own part of this

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A folder with reports in it, gone when dropped.
pub struct Folder {
    pub path: PathBuf,
    /// Paths of the reports, from the folder.
    pub reports: Vec<String>,
    _whole: tempfile::TempDir,
}

/// What a run of the program printed, and how it ended.
pub struct Printed {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

const NAMES: &[&str] =
    &["Albania", "Bolivia", "Chad", "Denmark", "Ecuador", "Fiji", "Ghana", "Hungary", "Iceland", "Japan", "Kenya"];
const DEALS: &[&str] = &["fisheries agreement", "customs treaty", "defence pact", "ceasefire", "trade agreement"];
const MONTHS: &[&str] = &["January", "March", "April", "June", "October"];

impl Folder {
    /// A folder with `count` reports that tell of made-up deals between real states; some tell of the same deal.
    pub fn with_reports(count: usize) -> Self {
        let whole = tempfile::tempdir().unwrap();
        let path = whole.path().to_owned();
        std::fs::create_dir(path.join("reports")).unwrap();
        let reports: Vec<String> = (0..count).map(|number| format!("reports/{number:03}.txt")).collect();
        for (number, report) in reports.iter().enumerate() {
            std::fs::write(path.join(report), text(number)).unwrap();
        }
        Self { path, reports, _whole: whole }
    }

    /// Reads `reports` into `register` and gives the register's digest.
    pub fn digest_after(&self, register: &str, reports: &[String], options: &[&str]) -> String {
        let mut arguments = vec!["read", "--register", register];
        arguments.extend(options);
        arguments.extend(reports.iter().map(String::as_str));
        let output = chancery(self, &arguments);
        assert_eq!(output.status, 0, "{}", output.stderr);
        self.digest(register)
    }

    /// The digest of a register, as `verify` prints it.
    pub fn digest(&self, register: &str) -> String {
        let output = chancery(self, &["verify", "--hash", "--json", "--register", register]);
        assert_eq!(output.status, 0, "{}{}", output.stdout, output.stderr);
        lines(&output.stdout)[0]["hash"].as_str().unwrap().to_owned()
    }
}

/// Report number `number`: short, with a signing, a forecast or a ratification, and a statement.
pub fn text(number: usize) -> String {
    let one = NAMES[number % NAMES.len()];
    let other = NAMES[(number / 2 + 3) % NAMES.len()];
    let deal = DEALS[number % DEALS.len()];
    let (day, month, year) = (1 + number % 27, MONTHS[number % MONTHS.len()], 2001 + number % 9);
    let event = match number % 3 {
        0 => format!("{one} and {other} signed a {deal} in Geneva on {day} {month} {year}."),
        1 => format!("The parliament of {one} ratified the {deal} with {other} on {day} {month} {year}."),
        _ => format!("{one} and {other} are expected to sign a {deal} by the end of {year}."),
    };
    format!(
        "Report {number} on {one}\n\n{event} The {deal} shall remain in force for five years.\n\n\
         \"We welcome the {deal},\" Foreign Minister Ann Roe of {one} told reporters.\n"
    )
}

/// The program with its arguments, to be run in the folder.
pub fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments).current_dir(&folder.path).env_remove("CHANCERY_REGISTER").env_remove("CHANCERY_DATA");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program in the folder.
pub fn chancery(folder: &Folder, arguments: &[&str]) -> Printed {
    let output = command(folder, arguments).output().unwrap();
    Printed {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code().expect("the program was not killed"),
    }
}

/// JSON Lines.
pub fn lines(output: &str) -> Vec<serde_json::Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Numbers that look random and are the same in every run (xorshift).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// 0 to 1.
    pub fn fraction(&mut self) -> f64 {
        (self.next() % 1000) as f64 / 1000.0
    }
}

/// The same items in another order.
pub fn shuffled(items: &[String], seed: u64) -> Vec<String> {
    let mut random = Random(seed);
    let mut keyed: Vec<(u64, String)> = items.iter().map(|item| (random.next(), item.clone())).collect();
    keyed.sort();
    keyed.into_iter().map(|(_, item)| item).collect()
}
