Console.WriteLine("dr");
