// <keyboard-list> around a table: j and k walk its rows, Enter opens one, x marks it, ?
// tells so. A row's place to go is its first link; its mark is its first checkbox, else
// the row itself. Rows that htmx exchanges need no new registration.
//
// Where the rows have checkboxes, a or the checkbox in the head (data-all) ticks all of
// them or none, and what stands in their form with data-chosen, such as "Chosen: #",
// counts them.

class KeyboardList extends HTMLElement {
	#here: HTMLTableRowElement | null = null;
	#stop = new AbortController();

	connectedCallback(): void {
		this.#stop = new AbortController();
		const until = { signal: this.#stop.signal };
		document.addEventListener("keydown", (e) => this.#key(e), until);
		this.addEventListener("change", (e) => (e.target === this.#head ? this.#all(this.#head.checked) : this.#count()), until);
		this.#head?.removeAttribute("hidden");
		this.#count(); // a browser that goes back keeps its ticks
	}

	disconnectedCallback(): void {
		this.#stop.abort();
	}

	get #rows(): HTMLTableRowElement[] {
		return [...this.querySelectorAll<HTMLTableRowElement>("tbody tr")];
	}

	get #head(): HTMLInputElement | null {
		return this.querySelector<HTMLInputElement>("input[data-all]");
	}

	get #boxes(): HTMLInputElement[] {
		return [...this.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]")];
	}

	#all(ticked: boolean): void {
		for (const box of this.#boxes) {
			box.checked = ticked;
		}
		this.#count();
	}

	#count(): void {
		const boxes = this.#boxes;
		const ticked = boxes.filter((box) => box.checked).length;
		const head = this.#head;
		if (head) {
			head.checked = ticked > 0 && ticked === boxes.length;
			head.indeterminate = ticked > 0 && ticked < boxes.length;
		}
		const count = boxes[0]?.form?.querySelector<HTMLElement>("[data-chosen]");
		if (count) {
			count.hidden = false;
			count.textContent = (count.dataset.chosen ?? "#").replace("#", String(ticked));
		}
	}

	#key(event: KeyboardEvent): void {
		if (event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) {
			return;
		}
		const act: Record<string, () => void> = {
			j: () => this.#walk(1),
			k: () => this.#walk(-1),
			x: () => this.#mark(),
			a: () => this.#all(this.#boxes.some((box) => !box.checked)),
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
	if (target instanceof HTMLInputElement && target.type === "checkbox") {
		return false; // who ticked a row goes on with the keys
	}
	return target.isContentEditable || target.closest("dialog[open]") !== null || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

customElements.define("keyboard-list", KeyboardList);
