// <hotspot-picture data-name="q.h1.at" data-hint="…"><svg viewBox="…">…</svg></hotspot-picture>
// lets a person point at a place of a picture. What is sent is "x,y" in the units of the
// picture. Without scripts the list below the picture serves; so it does for the keyboard.

const space = "http://www.w3.org/2000/svg";

class HotspotPicture extends HTMLElement {
	connectedCallback(): void {
		const svg = this.querySelector("svg");
		if (!svg || this.querySelector("input")) {
			return;
		}
		const input = document.createElement("input");
		input.type = "hidden";
		input.name = this.dataset.name ?? "";
		const hint = document.createElement("p");
		hint.className = "field-hint";
		hint.textContent = this.dataset.hint ?? "";
		this.prepend(hint);
		this.append(input);
		const point = document.createElementNS(space, "circle");
		point.setAttribute("class", "hotspot-point");
		point.setAttribute("r", String(svg.viewBox.baseVal.width / 60));
		svg.classList.add("hotspot-live");
		svg.addEventListener("click", (event) => {
			const frame = svg.getScreenCTM();
			if (!frame) {
				return;
			}
			const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(frame.inverse());
			point.setAttribute("cx", String(x));
			point.setAttribute("cy", String(y));
			svg.append(point);
			input.value = `${x.toFixed(1)},${y.toFixed(1)}`;
			input.dispatchEvent(new Event("change", { bubbles: true }));
		});
		this.closest("form")?.addEventListener("change", (event) => {
			const chosen = event.target as HTMLInputElement;
			if (chosen.type === "radio" && `${chosen.name}.at` === input.name) {
				point.remove();
				input.value = "";
			}
		});
	}
}

customElements.define("hotspot-picture", HotspotPicture);
