// <live-progress data-events="/address"> moves its <progress> by what the server pushes:
// {"value": n, "max": n, "text": "…", "done": "/where/next"}.

interface State {
	value?: number;
	max?: number;
	text?: string;
	done?: string;
}

class LiveProgress extends HTMLElement {
	#source: EventSource | null = null;

	connectedCallback(): void {
		if (!this.dataset.events) {
			return;
		}
		this.#source = new EventSource(this.dataset.events);
		this.#source.addEventListener("progress", (e) => this.#show(JSON.parse((e as MessageEvent<string>).data) as State));
	}

	disconnectedCallback(): void {
		this.#source?.close();
	}

	#show(state: State): void {
		const bar = this.querySelector("progress");
		const figure = this.querySelector(".num");
		if (bar && state.max && state.value !== undefined) {
			bar.max = state.max;
			bar.value = state.value;
			if (figure) {
				const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 0 });
				figure.textContent = share.format(state.value / state.max);
			}
		}
		const label = this.querySelector(".progress-line > span");
		if (label && state.text) {
			label.textContent = state.text;
		}
		if (state.done !== undefined) {
			this.#source?.close();
			// Only a path of this site: what the server says is still data.
			if (/^\/(?![/\\])/.test(state.done)) {
				location.assign(state.done);
			}
		}
	}
}

customElements.define("live-progress", LiveProgress);
