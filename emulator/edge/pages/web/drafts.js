// Changes that are not saved yet, kept while this tab is open: a session that ends, a camera that
// starts again or a page that is loaded anew loses none of them.

export function draft(name) {
  const key = `draft ${name}`;
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    keep(value) {
      sessionStorage.setItem(key, JSON.stringify(value));
    },
    drop() {
      sessionStorage.removeItem(key);
    },
  };
}
