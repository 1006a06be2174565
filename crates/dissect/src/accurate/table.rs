//! A table of numbers: rows and columns over one stretch of memory.

/// Numbers in rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<T> {
    columns: usize,
    cells: Vec<T>,
}

impl<T: Copy> Table<T> {
    /// A table that holds `value` everywhere.
    #[must_use]
    pub fn new(rows: usize, columns: usize, value: T) -> Self {
        Self { columns, cells: vec![value; rows * columns] }
    }

    /// A table of the numbers `cells`, row after row; `None` where they fill no whole number of rows.
    #[must_use]
    pub fn of(columns: usize, cells: Vec<T>) -> Option<Self> {
        (columns > 0 && cells.len().is_multiple_of(columns)).then_some(Self { columns, cells })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or(0)
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row `row`; empty where there is none.
    #[must_use]
    pub fn row(&self, row: usize) -> &[T] {
        self.cells.get(row * self.columns..(row + 1) * self.columns).unwrap_or(&[])
    }

    /// The number at a place; `None` outside of the table.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<T> {
        self.row(row).get(column).copied()
    }

    /// Sets the number at a place; nothing happens outside of the table.
    pub fn set(&mut self, row: usize, column: usize, value: T) {
        if column < self.columns
            && let Some(cell) = self.cells.get_mut(row * self.columns + column)
        {
            *cell = value;
        }
    }
}

impl Table<f64> {
    /// The number at a place; minus infinity outside of the table.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.get(row, column).unwrap_or(f64::NEG_INFINITY)
    }
}

impl Table<f32> {
    /// The number at a place; minus infinity outside of the table.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f32 {
        self.get(row, column).unwrap_or(f32::NEG_INFINITY)
    }
}
