//! The arc-hybrid transition system (Kuhlmann, Gómez-Rodríguez and Satta 2011) and the costs of its dynamic oracle
//! (Goldberg and Nivre 2013).
//!
//! Nodes are numbered from 1; `words + 1` is the root, which waits at the end of the buffer. [`NONE`] (0) is no node.

/// No node.
pub const NONE: usize = 0;

/// What the parser may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// Moves the first word of the buffer to the stack.
    Shift,
    /// Makes the top of the stack a dependent of the first word of the buffer (or of the root).
    Left,
    /// Makes the top of the stack a dependent of the word below it.
    Right,
}

impl Transition {
    /// All, in the order of the classes of the table.
    pub const ALL: [Self; 3] = [Self::Shift, Self::Left, Self::Right];
}

/// Where a parse stands.
#[derive(Debug, Clone)]
pub struct State {
    words: usize,
    stack: Vec<usize>,
    next: usize,
    nodes: Vec<Node>,
}

/// What is known of one node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Node {
    /// Its head, [`NONE`] while it has none.
    pub head: usize,
    /// Class of its relation.
    pub label: u16,
    /// Outermost and second outermost dependents on the left.
    pub left: [usize; 2],
    /// Outermost and second outermost dependents on the right.
    pub right: [usize; 2],
    /// Relations of its dependents on the left, a bit for each class.
    pub left_labels: u64,
    /// Relations of its dependents on the right.
    pub right_labels: u64,
    /// Number of dependents on the left.
    pub left_count: u8,
    /// Number of dependents on the right.
    pub right_count: u8,
}

impl State {
    /// The start for a sentence of `words` words.
    #[must_use]
    pub fn new(words: usize) -> Self {
        Self { words, stack: Vec::with_capacity(words), next: 1, nodes: vec![Node::default(); words + 2] }
    }

    /// Number of words.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words
    }

    /// The root's node.
    #[must_use]
    pub fn root(&self) -> usize {
        self.words + 1
    }

    /// The `depth`-th node of the stack, 0 for its top; [`NONE`] where there is none.
    #[inline]
    #[must_use]
    pub fn stacked(&self, depth: usize) -> usize {
        self.stack.len().checked_sub(depth + 1).and_then(|at| self.stack.get(at)).copied().unwrap_or(NONE)
    }

    /// The `offset`-th node of the buffer, 0 for its first; [`NONE`] behind the root.
    #[inline]
    #[must_use]
    pub fn waiting(&self, offset: usize) -> usize {
        let node = self.next + offset;
        if node <= self.root() { node } else { NONE }
    }

    /// Number of nodes on the stack.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.stack.len()
    }

    /// What is known of `node`; nothing of [`NONE`].
    #[inline]
    #[must_use]
    pub fn node(&self, node: usize) -> Node {
        self.nodes.get(node).copied().unwrap_or_default()
    }

    /// True when every word has its head.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next == self.root() && self.stack.is_empty()
    }

    /// True when `transition` is possible and keeps to one root: only the last word left may hang on the root.
    #[must_use]
    pub fn allows(&self, transition: Transition) -> bool {
        let at_root = self.next == self.root();
        match transition {
            Transition::Shift => !at_root,
            Transition::Left => !self.stack.is_empty() && (!at_root || self.stack.len() == 1),
            Transition::Right => self.stack.len() >= 2,
        }
    }

    /// Head and dependent that `transition` would join; `None` for a shift.
    #[must_use]
    pub fn arc(&self, transition: Transition) -> Option<(usize, usize)> {
        match transition {
            Transition::Shift => None,
            Transition::Left => Some((self.next, self.stacked(0))),
            Transition::Right => Some((self.stacked(1), self.stacked(0))),
        }
    }

    /// Does `transition`, which must be allowed, giving its arc the relation `label`.
    pub fn apply(&mut self, transition: Transition, label: u16) {
        let Some((head, dependent)) = self.arc(transition) else {
            self.stack.push(self.next);
            self.next += 1;
            return;
        };
        self.stack.pop();
        if let Some(node) = self.nodes.get_mut(dependent) {
            node.head = head;
            node.label = label;
        }
        if let Some(node) = self.nodes.get_mut(head) {
            if dependent < head {
                node.left = [dependent, node.left[0]];
                node.left_labels |= 1 << (label & 63);
                node.left_count = node.left_count.saturating_add(1);
            } else {
                node.right = [dependent, node.right[0]];
                node.right_labels |= 1 << (label & 63);
                node.right_count = node.right_count.saturating_add(1);
            }
        }
    }

    /// For each transition, how many of the arcs in `gold` (head of each node, from 1) it makes impossible.
    #[must_use]
    pub fn costs(&self, gold: &[usize]) -> [u32; 3] {
        let gold_head = |node: usize| gold.get(node).copied().unwrap_or(NONE);
        let mut costs = [0; 3];
        let top = self.stacked(0);
        if self.next <= self.words {
            let next = self.next;
            let below = self.stack.len().saturating_sub(1);
            let head = gold_head(next);
            for (at, &node) in self.stack.iter().enumerate() {
                costs[0] += u32::from(gold_head(node) == next) + u32::from(at < below && node == head);
            }
        }
        if top != NONE {
            let lost = (self.next..=self.words).filter(|&node| gold_head(node) == top).count();
            let lost = u32::try_from(lost).unwrap_or(u32::MAX);
            let head = gold_head(top);
            costs[1] = lost + u32::from(head != self.next && (head > self.next || (head != NONE && head == self.stacked(1))));
            costs[2] = lost + u32::from(head >= self.next);
        }
        costs
    }
}
