Console.WriteLine("DrFunctions");
