//! The timeline as a picture: one lane an agreement, time from left to right, a mark for each event.
//!
//! Plain SVG 1.1 without scripts, fonts or links: it opens anywhere and stays sharp in print. Every mark has a title with
//! the words of its source, which browsers show under the pointer.
use crate::output::{cut, plain};
use chancery_link::edtf::Days;
use chancery_register::Row;
use std::collections::BTreeMap;
use std::fmt::Write;

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 330.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 64.0;
/// Height of one row of labels in a lane.
const LABEL: f64 = 17.0;
/// Rough width of one letter of a label.
const LETTER: f64 = 6.2;
/// At most so many lanes: a picture of a thousand lanes helps nobody.
const LANES: usize = 60;

/// An event that has a place on the axis.
struct Event<'r> {
    row: &'r Row,
    /// First and last possible day, in years.
    from: f64,
    to: f64,
}

/// The events in one lane.
struct Lane<'r> {
    title: &'r str,
    events: Vec<Event<'r>>,
}

/// Draws rows of the view `timeline`. Events without a date have no place and are left out; their number is told below.
pub fn draw(rows: &[Row]) -> String {
    let (lanes, undated, left_out) = lanes(rows);
    let from = lanes.iter().flat_map(|lane| &lane.events).map(|event| event.from).fold(f64::INFINITY, f64::min);
    let to = lanes.iter().flat_map(|lane| &lane.events).map(|event| event.to).fold(f64::NEG_INFINITY, f64::max);
    let (from, to) = if from.is_finite() { (from.floor(), (to + 0.05).ceil().max(from.floor() + 1.0)) } else { (2000.0, 2001.0) };
    let scale = Scale { from, to };
    let mut body = String::new();
    let mut y = TOP;
    for lane in &lanes {
        y += draw_lane(&mut body, lane, &scale, y);
    }
    let height = y + 56.0;
    let mut svg = String::new();
    let _ = write!(
        svg,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#222">
<title>Timeline of agreements</title>
<rect width="{WIDTH}" height="{height}" fill="#fff"/>
"##
    );
    axis(&mut svg, &scale, y);
    svg.push_str(&body);
    legend(&mut svg, y + 34.0, undated, left_out);
    svg.push_str("</svg>\n");
    svg
}

fn lanes(rows: &[Row]) -> (Vec<Lane<'_>>, usize, usize) {
    let mut by_agreement: BTreeMap<&str, Lane> = BTreeMap::new();
    let mut undated = 0;
    for row in rows {
        let Some(days) = Days::parse(row.text("date")) else {
            undated += 1;
            continue;
        };
        let (Some(first), Some(last)) = (days.earliest.or(days.latest), days.latest.or(days.earliest)) else { continue };
        let [from, to] =
            [first, last].map(|day| f64::from(day.year()) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year()));
        let lane = by_agreement.entry(row.text("agreement")).or_insert(Lane { title: row.text("title"), events: Vec::new() });
        lane.events.push(Event { row, from, to });
    }
    let mut lanes: Vec<Lane> = by_agreement.into_values().collect();
    for lane in &mut lanes {
        lane.events.sort_by(|a, b| a.from.total_cmp(&b.from));
    }
    let start = |lane: &Lane| lane.events.first().map_or(0.0, |event| event.from);
    lanes.sort_by(|a, b| start(a).total_cmp(&start(b)));
    let left_out = lanes.len().saturating_sub(LANES);
    lanes.truncate(LANES);
    (lanes, undated, left_out)
}

/// Years to columns.
struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    fn x(&self, year: f64) -> f64 {
        LEFT + (year - self.from) / (self.to - self.from) * (WIDTH - LEFT - RIGHT)
    }
}

/// A line and a number for each year, or for every fifth, tenth, … where years are many.
fn axis(svg: &mut String, scale: &Scale, bottom: f64) {
    let years = scale.to - scale.from;
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0].into_iter().find(|step| years / step <= 14.0).unwrap_or(1000.0);
    let mut year = (scale.from / step).ceil() * step;
    while year <= scale.to {
        let x = scale.x(year);
        let top = TOP - 14.0;
        let _ = writeln!(svg, r##"<line x1="{x:.1}" y1="{top}" x2="{x:.1}" y2="{bottom:.1}" stroke="#e3e3e3"/>"##);
        let _ = writeln!(svg, r##"<text x="{x:.1}" y="{:.1}" text-anchor="middle" fill="#666">{year}</text>"##, top - 6.0);
        year += step;
    }
}

/// Draws one lane and gives its height. Labels that would overlap go to further rows.
fn draw_lane(svg: &mut String, lane: &Lane, scale: &Scale, y: f64) -> f64 {
    let mut ends: Vec<f64> = Vec::new();
    let mut marks = String::new();
    for event in &lane.events {
        let (x, x_end) = (scale.x(event.from), scale.x(event.to));
        let label = event.row.text("stage").replace('_', " ");
        let width = label.chars().count() as f64 * LETTER + 16.0;
        // Near the right edge a label stands to the left of its mark.
        let flipped = x_end + width > WIDTH - 4.0;
        let (from, to) = if flipped { (x - width, x_end + 8.0) } else { (x - 6.0, x_end + width) };
        let row = ends.iter().position(|end| *end <= from).unwrap_or(ends.len());
        match ends.get_mut(row) {
            Some(end) => *end = to,
            None => ends.push(to),
        }
        let at = y + 12.0 + row as f64 * LABEL;
        let (color, fill) = match event.row.text("modality") {
            "actual" => ("#1a7f4b", "#1a7f4b"),
            "denied" => ("#b3261e", "#fff"),
            _ => ("#a86a00", "#fff"),
        };
        let _ = writeln!(marks, "<g><title>{}</title>", escaped(&told(event.row)));
        if x_end - x > 6.0 {
            let _ = writeln!(
                marks,
                r#"<line x1="{x:.1}" y1="{at:.1}" x2="{x_end:.1}" y2="{at:.1}" stroke="{color}" stroke-width="2" stroke-opacity=".45"/>"#
            );
        }
        let _ = writeln!(marks, r#"<circle cx="{x:.1}" cy="{at:.1}" r="4" fill="{fill}" stroke="{color}" stroke-width="1.6"/>"#);
        if event.row.text("modality") == "denied" {
            let _ = writeln!(
                marks,
                r#"<path d="M{:.1} {:.1}l5 5m0 -5l-5 5" stroke="{color}" stroke-width="1.4"/>"#,
                x - 2.5,
                at - 2.5
            );
        }
        let (label_x, anchor) = if flipped { (x - 8.0, "end") } else { (x_end.max(x) + 8.0, "start") };
        let _ = writeln!(
            marks,
            r#"<text x="{label_x:.1}" y="{:.1}" text-anchor="{anchor}" font-size="11" fill="{color}">{}</text></g>"#,
            at + 4.0,
            escaped(&label)
        );
    }
    let height = ends.len().max(1) as f64 * LABEL + 14.0;
    let title = plain(lane.title);
    let _ = writeln!(
        svg,
        r##"<g><title>{}</title><text x="16" y="{:.1}" font-weight="bold">{}</text></g><line x1="16" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="#d5d5d5"/>"##,
        escaped(&title),
        y + 16.0,
        escaped(&cut(&title, 40)),
        y + height - 3.0,
        WIDTH - 16.0,
        y + height - 3.0
    );
    svg.push_str(&marks);
    height
}

fn legend(svg: &mut String, y: f64, undated: usize, left_out: usize) {
    let signs = [("#1a7f4b", "#1a7f4b", "happened"), ("#a86a00", "#fff", "expected"), ("#b3261e", "#fff", "denied")];
    let mut x = LEFT;
    for (color, fill, word) in signs {
        let _ = writeln!(
            svg,
            r#"<circle cx="{x:.1}" cy="{:.1}" r="4" fill="{fill}" stroke="{color}" stroke-width="1.6"/><text x="{:.1}" y="{y:.1}">{word}</text>"#,
            y - 4.0,
            x + 9.0
        );
        x += 90.0;
    }
    let mut remarks = Vec::new();
    if undated > 0 {
        remarks.push(format!("{undated} without a date"));
    }
    if left_out > 0 {
        remarks.push(format!("{left_out} later agreements"));
    }
    if !remarks.is_empty() {
        let _ = writeln!(svg, r##"<text x="{x:.1}" y="{y:.1}" fill="#666">not shown: {}</text>"##, remarks.join(", "));
    }
}

/// "2015-03-18 signed: “…” (report.txt)".
fn told(row: &Row) -> String {
    let modality = if row.text("modality") == "actual" { String::new() } else { format!(" ({})", row.text("modality")) };
    format!(
        "{} {}{modality}: “{}” ({})",
        row.text("date"),
        row.text("stage").replace('_', " "),
        plain(row.text("quote")),
        plain(row.text("source"))
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
