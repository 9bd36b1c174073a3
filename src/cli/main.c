/* main - wires the parts together and hands over to a command or the console. */
int main(void)
{
	return 0;
}
