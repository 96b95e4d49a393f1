// <keyboard-list> around a table: j and k walk its rows, Enter opens one, x marks it, ?
// tells so. A row's place to go is its first link; its mark is its first checkbox, else
// the row itself. Rows that htmx exchanges need no new registration.

class KeyboardList extends HTMLElement {
	#here: HTMLTableRowElement | null = null;
	#stop = new AbortController();

	connectedCallback(): void {
		this.#stop = new AbortController();
		document.addEventListener("keydown", (e) => this.#key(e), { signal: this.#stop.signal });
	}

	disconnectedCallback(): void {
		this.#stop.abort();
	}

	get #rows(): HTMLTableRowElement[] {
		return [...this.querySelectorAll<HTMLTableRowElement>("tbody tr")];
	}

	#key(event: KeyboardEvent): void {
		if (event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) {
			return;
		}
		const act: Record<string, () => void> = {
			j: () => this.#walk(1),
			k: () => this.#walk(-1),
			x: () => this.#mark(),
			o: () => this.#open(),
			"?": () => this.#help(),
		};
		// Enter on a link or button is the browser's own.
		if (event.key === "Enter" && event.target === document.body) {
			act.Enter = () => this.#open();
		}
		if (act[event.key]) {
			event.preventDefault();
			act[event.key]();
		}
	}

	#walk(step: number): void {
		const rows = this.#rows;
		const at = this.#here ? rows.indexOf(this.#here) : -1;
		const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
		if (!next) {
			return;
		}
		this.#here?.removeAttribute("data-here");
		this.#here = next;
		next.setAttribute("data-here", "");
		next.scrollIntoView({ block: "nearest" });
		next.querySelector<HTMLAnchorElement>("a[href]")?.focus({ preventScroll: true });
	}

	#open(): void {
		this.#here?.querySelector<HTMLAnchorElement>("a[href]")?.click();
	}

	#mark(): void {
		const box = this.#here?.querySelector<HTMLInputElement>("input[type=checkbox]");
		if (box) {
			box.click();
		} else {
			this.#here?.toggleAttribute("data-marked");
		}
	}

	#help(): void {
		const dialog = this.querySelector<HTMLDialogElement>("dialog.keys");
		if (dialog && !dialog.open) {
			dialog.showModal();
		}
	}
}

function elsewhere(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) {
		return false;
	}
	return target.isContentEditable || target.closest("dialog[open]") !== null || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

customElements.define("keyboard-list", KeyboardList);
