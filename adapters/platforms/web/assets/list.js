// The list of conversations: what is chosen or deleted there.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.opens) trigger("pick", { name: button.dataset.opens });
  if (button.dataset.deletes && confirm(props.sure)) trigger("remove", { name: button.dataset.deletes });
});
